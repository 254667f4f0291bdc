/** Every time and bound of publishing in one place. Milliseconds unless the name says otherwise. */

/** How long a runner holds a publishing without renewing. A killed runner's waits this long at most. */
export const LEASE_MS = 8_000;

/** How often the lease is renewed: two beats may be lost before the lease is. */
export const BEAT_MS = 2_500;

/** How often a runner looks for versions to publish when nothing told it to. */
export const POLL_MS = 5_000;

/** Installations that one runner publishes to at once; in each, one agent after the other. */
export const AT_ONCE = 3;

/** A publishing that GitHub or the network failed is tried again after these pauses, then it has failed. */
export const RETRY_PAUSES_MS = [2_000, 5_000, 15_000, 60_000, 300_000];

/** Claims of one piece of work at most, those included that ended with their runner. */
export const CLAIMS_MOST = 8;

/** Rounds of fetching, merging and pushing when somebody else pushes in between. */
export const ROUNDS = 4;

/** A pull request about which there is doubt is looked at so long after the last time at the earliest. */
export const DOUBT_MS = 5_000;

/** Repairs of one pull request that begin without a question; what comes after them is offered. */
export const REPAIRS_WITHOUT_QUESTION = 3;

/** What of a repository may come to the runner's disk, at once and at most. Contents of a result are 200 MB at most. Bytes. */
export const REPOSITORY_BYTES = 1024 * 1024 * 1024;
