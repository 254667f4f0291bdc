/** Every time and size of the gateway. Seconds, milliseconds or bytes, as the name says. */

/** A keyed call whose gateway has not been heard of for this long may be made again by another. */
export const CALL_LEASE_SECONDS = 15;
/** A reservation that nobody renews for this long belongs to a dead gateway. Longer than the lease: a stall is no death. */
export const RESERVATION_TTL_SECONDS = 60;
/** How often leases and reservations of calls under way are renewed: three chances before a lease lapses. */
export const RENEW_MS = 5_000;
/** How often abandoned reservations are looked for. */
export const SWEEP_MS = 15_000;
/** How often entries, reservations and budgets are compared. It reads all of them: not too often. */
export const LEDGER_CHECK_MS = 3_600_000;
/** How often it is looked whether the runs of calls under way have ended. */
export const ENDED_RUNS_MS = 500;
/** How often a repeated call looks whether the gateway that makes it has finished. */
export const JOIN_POLL_MS = 100;
/** How long a recorded answer can be asked for again. A crashed caller comes back within minutes. */
export const RECORDING_DAYS = 7;

/** How long a caller is known without being looked up again, though nothing of it changed; its last use is noted then. */
export const CALLER_KNOWN_MS = 30_000;
/** How long the question what has changed waits for further calls, where several come at once. */
export const CALLERS_PATIENCE_MS = 2;
/** How many callers are known at most. */
export const CALLERS_KNOWN = 20_000;

/** How long an answer that its caller asked to be kept is given again. */
export const KEPT_MINUTES = 60;
/** How much of that is held in memory; the rest is in the database. */
export const KEPT_MEMORY_BYTES = 64 * 1024 * 1024;

/** Anthropic's own limit for a Messages request. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** What is read of a provider's error before it is passed on. */
export const MAX_ERROR_BYTES = 256 * 1024;

export const CONNECT_TIMEOUT_MS = 10_000;
/** A whole answer comes with its headers, and may take as long as the longest answer. */
export const HEADERS_TIMEOUT_MS = 600_000;
/** A streamed answer says its first word far sooner than this. */
export const FIRST_BYTE_TIMEOUT_MS = 120_000;
/** A stream says something, if only a ping, far more often than this. */
export const BODY_TIMEOUT_MS = 120_000;
/** The longest that any answer may take, from its first byte to its last. */
export const TOTAL_TIMEOUT_MS = 1_800_000;
/** A database that does not answer for so long is taken for gone. */
export const DATABASE_TIMEOUT_MS = 5_000;

/** An answer cut below this many tokens is worth nothing to anybody: refused rather than begun. */
export const LEAST_OUTPUT_TOKENS = 64;
/** How long a refused reservation waits for calls that have just ended to give back what they did not use. */
export const SETTLING_MS = 50;

/** Further tries after the first, where the provider has done nothing yet. */
export const RETRIES = 2;
/** Each waits a random time up to this, twice as long each time. */
export const RETRY_BASE_MS = 250;
/** A provider that asks for more patience than this is not waited for: the caller is told. */
export const RETRY_PATIENCE_MS = 3_000;
/** Retries are at most this share of the calls to a provider, so that they never are the storm themselves. */
export const RETRY_SHARE = 0.1;
/** So many retries are allowed to a provider that has not been called much yet. */
export const RETRY_RESERVE = 10;

/** A circuit opens when half of the calls of this time failed, and there were enough of them. */
export const CIRCUIT_WINDOW_MS = 10_000;
export const CIRCUIT_FAILING_SHARE = 0.5;
export const CIRCUIT_LEAST_CALLS = 5;
/** How long it stays open before one call may try. */
export const CIRCUIT_OPEN_MS = 10_000;

/** How long calls under way may go on after the process was asked to stop. */
export const DRAIN_MS = 6_500;
