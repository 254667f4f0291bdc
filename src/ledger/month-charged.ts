import { monthOf } from "#ledger/scopes.ts";
import { AppError } from "#platform/errors.ts";

/** A stream may go on for half an hour, and what an allowance paid for is written later still. */
const UNSURE_MS = 60 * 60_000;

/**
 * A moment in the month (UTC) whose budgets a call stands in. That is the month in which it was held, which its entry
 * does not say: `at` is when it was written. Soon after a month's end, therefore, somebody has to say it.
 * @throws AppError bad_request when `said` (yyyy-mm) is missing there, or is neither the entry's month nor the one before
 */
export function monthCharged(at: Date, said: string | undefined): Date {
  const start = Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
  const own = monthOf(at);
  const before = monthOf(new Date(start - 1));
  if (said === undefined && at.getTime() - start < UNSURE_MS) {
    throw new AppError(
      "bad_request",
      `The call was written at ${at.toISOString()}, so soon after the month's end that it may have been charged to ` +
        `the budgets of ${before} or of ${own}. Say which: --month ${before}, if it began before ${own}.`,
    );
  }
  if (said !== undefined && said !== own && said !== before) {
    throw new AppError("bad_request", `--month: the call was charged in ${before} or in ${own}.`);
  }
  return new Date(`${said ?? own}-01`);
}
