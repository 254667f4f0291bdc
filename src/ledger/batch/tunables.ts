/** Rows in one statement at most: a cap on how long the budget rows stay locked. */
export const BATCH_MOST = 256;
/** How long holds wait for company when there usually is some, milliseconds: callers wait for them. */
export const HOLD_PATIENCE_MS = 2;
/** The same for settlements, which hold up no answer. */
export const SETTLE_PATIENCE_MS = 20;

/** Rows of one statement that writes entries against allowances: few budget rows, so they are not locked for long. */
export const ENTRIES_MOST = 4_000;
/** How long entries wait for company under load: no answer waits for them, and nothing can be spent twice meanwhile. */
export const ENTRIES_PATIENCE_MS = 500;

/** An allowance that no call has used for so long is given back; who calls again within it gets one. */
export const ALLOWANCE_IDLE_MS = 1_000;
export const ALLOWANCE_CHECK_MS = 100;
/** For how many calls the first allowance is, at their worst case; each that is soon used up makes the next one double. */
export const ALLOWANCE_FIRST = 4;
export const ALLOWANCE_MOST = 512;
/** How many calls of an allowance may be in use before its row is raised: what a gateway that dies can have spent. */
export const ALLOWANCE_DRAWABLE = 2;
/** An allowance is at most one part in so many of what is left of each cap. */
export const ALLOWANCE_SHARE = 8;
/** How long no allowance is taken where a cap is near. */
export const ALLOWANCE_BLOCKED_MS = 1_000;
