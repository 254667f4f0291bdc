/** Rows in one statement at most: a cap on how long the budget rows stay locked. */
export const BATCH_MOST = 256;
/** How long holds wait for company when there usually is some, milliseconds: callers wait for them. */
export const HOLD_PATIENCE_MS = 2;
/** The same for settlements, which hold up no answer. */
export const SETTLE_PATIENCE_MS = 20;
