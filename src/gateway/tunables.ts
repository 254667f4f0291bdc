/** Every time and size of the gateway. Seconds, milliseconds or bytes, as the name says. */

/** A keyed call whose gateway has not been heard of for this long may be made again by another. */
export const CALL_LEASE_SECONDS = 15;
/** A reservation that nobody renews for this long belongs to a dead gateway. Longer than the lease: a stall is no death. */
export const RESERVATION_TTL_SECONDS = 60;
/** How often leases and reservations of calls under way are renewed: three chances before a lease lapses. */
export const RENEW_MS = 5_000;
/** How often abandoned reservations are looked for. */
export const SWEEP_MS = 15_000;
/** How often a repeated call looks whether the gateway that makes it has finished. */
export const JOIN_POLL_MS = 100;
/** How long a recorded answer can be asked for again. A crashed caller comes back within minutes. */
export const RECORDING_DAYS = 7;

/** Anthropic's own limit for a Messages request. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** What is read of a provider's error before it is passed on. */
export const MAX_ERROR_BYTES = 256 * 1024;

export const CONNECT_TIMEOUT_MS = 10_000;
/** A whole answer comes with its headers, and may take as long as the longest answer. */
export const HEADERS_TIMEOUT_MS = 600_000;
/** A stream says something, if only a ping, far more often than this. */
export const BODY_TIMEOUT_MS = 300_000;

/** How long calls under way may go on after the process was asked to stop. */
export const DRAIN_MS = 6_500;
