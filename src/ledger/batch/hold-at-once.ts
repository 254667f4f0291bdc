import type pg from "pg";
import type { ReserveOutcome, ReserveRequest } from "#ledger/reserve.ts";
import { RESERVATION_COLUMNS, reservationRows } from "./reservation-rows.ts";

/**
 * Holds a whole batch in one statement, where all of it fits; a division by zero undoes everything where something
 * does not, or where a budget has no row yet. The guard stands in the UPDATE: it is looked at again on the newest
 * version of a row, which a guard that was computed beforehand is not.
 *
 * A hold is not waited for on disk. Should the database itself crash within the next moments, holds are lost together
 * with the calls that they were for: nothing is charged for those, so no cap is passed.
 */
const HOLD = `
WITH locked AS MATERIALIZED (
  SELECT b.scope, w."limit", w.amount
    FROM json_to_recordset($1) AS w (scope text, "limit" bigint, amount bigint) JOIN budgets b ON b.scope = w.scope
   ORDER BY b.scope FOR UPDATE OF b
), held AS (
  UPDATE budgets b SET reserved_micro_usd = b.reserved_micro_usd + w.amount
    FROM locked w
   WHERE b.scope = w.scope
     AND (w."limit" IS NULL OR b.spent_micro_usd + b.reserved_micro_usd + w.amount <= w."limit")
  RETURNING 1
)
INSERT INTO reservations (${RESERVATION_COLUMNS})
${reservationRows("$2")}
 WHERE 1 / (SELECT (count(*) = $3)::int FROM held) = 1
   AND set_config('synchronous_commit', 'off', true) IS NOT NULL`;

const DIVISION_BY_ZERO = "22012";

/** Every outcome of the batch, or null when not all of it fits and nothing was held. */
export async function holdAtOnce(pool: pg.Pool, batch: ReserveRequest[]): Promise<ReserveOutcome[] | null> {
  const wanted = [...sumsByScope(batch)].map(([scope, sums]) => ({ scope, ...sums }));
  try {
    await pool.query({
      name: "hold-at-once",
      text: HOLD,
      values: [JSON.stringify(wanted), JSON.stringify(batch.map(toRow)), wanted.length],
    });
    return batch.map(() => ({ reserved: true }));
  } catch (error) {
    if ((error as { code?: string }).code === DIVISION_BY_ZERO) return null;
    throw error;
  }
}

function sumsByScope(batch: ReserveRequest[]): Map<string, { limit: number | null; amount: number }> {
  const sums = new Map<string, { limit: number | null; amount: number }>();
  for (const { caps, amount } of batch) {
    for (const { scope, limit } of caps) {
      const sum = sums.get(scope);
      if (!sum) {
        sums.set(scope, { limit, amount });
        continue;
      }
      sum.amount += amount;
      // Read at two moments, a limit may differ: the lower one decides, and what fails it is looked at one by one.
      if (limit !== null && (sum.limit === null || limit < sum.limit)) sum.limit = limit;
    }
  }
  return sums;
}

/** A reservation as the statements take it. */
export function toRow(request: ReserveRequest): object {
  const { callId, bearer, provider, model, amount, drawable, caps, ttlSeconds } = request;
  return {
    call: callId,
    user: bearer.userId,
    scopes: caps.map(({ scope }) => scope),
    amount,
    drawable: drawable ?? null,
    agent: bearer.agentId,
    run: bearer.runId,
    step: bearer.stepKey,
    provider,
    model,
    ttl: ttlSeconds,
  };
}
