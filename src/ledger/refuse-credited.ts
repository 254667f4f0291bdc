import type { Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** A call, as its entry has it. */
interface Entry {
  user_id: string;
  run_id: string | null;
  at: Date;
}

/**
 * A credit does not say for which call it was, so one given since to the call's run, or to its user for nothing in
 * particular, may have been for this call: lowering its charge as well would give the same money back twice.
 * @throws AppError bad_request that names the credits
 */
export async function refuseCredited(sql: Sql, { user_id: userId, run_id: runId, at }: Entry): Promise<void> {
  const { rows } = await sql.query<{ at: Date; amount: number; reason: string | null }>(
    `SELECT at, -cost_micro_usd AS amount, reason FROM ledger_entries
      WHERE user_id = $1 AND at >= $2 AND kind = 'credit' AND (run_id = $3 OR run_id IS NULL) ORDER BY id`,
    [userId, at, runId],
  );
  if (rows.length === 0) return;
  const credits = rows.map((one) => `${one.amount} micro-dollars at ${one.at.toISOString()} (${one.reason})`);
  throw new AppError(
    "bad_request",
    `It may have been given back already, by credit since then: ${credits.join("; ")}. ` +
      "If they were for something else, correct it with --despite-credits.",
  );
}
