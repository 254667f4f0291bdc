/** Rows in one statement at most: a cap on how long the budget rows stay locked. */
export const BATCH_MOST = 256;
/** How long a batch waits for company when there usually is some, milliseconds. */
export const BATCH_PATIENCE_MS = 2;
