/** Every time and bound of runs in one place. Milliseconds unless the name says otherwise. */

/** How long a runner holds a run without renewing. A killed runner's runs wait this long at most. */
export const LEASE_MS = 6_000;

/** How often leases are renewed: two beats may be lost before the lease is. */
export const BEAT_MS = 2_000;

/** How often a runner looks for work when nothing told it to: the safety net under LISTEN. */
export const POLL_MS = 2_000;

/** How soon a runner looks again for what others were at, give or take half of it. */
export const CONTENDED_MS = 60;

/** Candidates looked at in one claim: enough to step over those that others are taking at this moment. */
export const CLAIM_CANDIDATES = 16;

/**
 * A step that lost its workspace, the gateway or the database is repeated after these pauses, then the run fails: all of
 * them together are longer than a part takes to be replaced by another (30 s).
 */
export const REPEAT_PAUSES_MS = [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000];

/** A run that its execution had to leave is given back after these pauses, while the database is away; then it lapses. */
export const GIVE_BACK_PAUSES_MS = [100, 250, 500, 1_000, 1_000, 1_000];

/**
 * A run that has stored no event for so long stands still, though its runner lives. Longer than all that may take long
 * without a word: a model's answer (30 minutes by the gateway), a command by the builder.
 */
export const STANDS_STILL_MS = 45 * 60_000;

/** Holdings in a row without a single event, each ended by its runner's death or by standing still; then the run fails. */
export const IDLE_CLAIMS_MOST = 5;

/** Before the next holding of such a run: so long for each that came to nothing. All in all it is given five minutes. */
export const IDLE_PAUSE_SECONDS = 30;

/** How long a run token holds. It dies with the run's fence anyway. */
export const RUN_TOKEN_SECONDS = 3_600;

/** Events that may wait for the database before the one who says them is asked to wait too. */
export const EVENTS_WAITING = 256;

/** Executions are given this long to let go when the runner stops. */
export const HAND_OVER_MS = 5_000;

/** A model that has not begun to answer after this long is asked again. */
export const MODEL_BEGINS_MS = 120_000;

/** How long the gateway may take to say what a model costs. */
export const PRICES_COME_MS = 10_000;

/** Messages that may wait for one agent: more is a script gone wrong, and each is a run to be cancelled one day. */
export const MESSAGES_WAITING = 100;

/** How long a runner may be at one message of the inbox. */
export const INBOX_LEASE_MS = 60_000;

/** A message of the inbox that failed is tried again after these pauses; the last one again and again. */
export const INBOX_PAUSES_MS = [1_000, 5_000, 30_000, 120_000, 600_000];

/** Tries, then it is given up and its reason kept: with the pauses above about an hour. */
export const INBOX_ATTEMPTS = 10;

/** How long a message that is done with is kept: GitHub offers to deliver again for days. */
export const INBOX_KEEP_DAYS = 14;

/** How often a runner looks for repairs that may begin without a question. They are about minutes of others' work. */
export const REPAIRS_POLL_MS = 5_000;
