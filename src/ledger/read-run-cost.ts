import type { UsageSum } from "#ledger/read-usage.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

export interface ReceiptLine extends UsageSum {
  /** null: calls outside any step */
  stepKey: string | null;
  model: string;
  /** some of the figures are estimated, because the provider did not say */
  estimated: boolean;
  /** why some of the figures are not the plain ones */
  reasons: string[];
}

export interface RunCost {
  costMicroUsd: number;
  /** the most that the run may cost; null: no cap of its own */
  ceilingMicroUsd: number | null;
  /** held by the run's calls under way */
  reservedMicroUsd: number;
  /** adds up to costMicroUsd */
  lines: ReceiptLine[];
}

/**
 * The receipt of a run: one line for each step and model.
 * @throws AppError not_found
 */
export async function readRunCost(db: Database, userId: string, runId: string): Promise<RunCost> {
  // One statement, so that lines, sum and what is held are of one moment.
  const { rows } = await db.pool.query<Omit<RunCost, "costMicroUsd"> & { id: string | null }>(
    `SELECT r.id, r.ceiling_micro_usd AS "ceilingMicroUsd",
       (SELECT coalesce(sum(amount_micro_usd), 0)::bigint FROM reservations WHERE user_id = $1 AND run_id = $2)
         AS "reservedMicroUsd",
       (SELECT coalesce(json_agg(line), '[]') FROM (
         SELECT step_key AS "stepKey", model, sum(cost_micro_usd) AS "costMicroUsd",
           count(*) FILTER (WHERE kind = 'call') AS "calls", sum(input_tokens) AS "inputTokens",
           sum(output_tokens) AS "outputTokens", sum(cache_read_tokens) AS "cacheReadTokens",
           sum(cache_write_tokens) AS "cacheWriteTokens", bool_or(estimated) AS "estimated",
           coalesce(array_agg(DISTINCT reason) FILTER (WHERE reason IS NOT NULL), '{}') AS "reasons"
         FROM ledger_entries WHERE user_id = $1 AND run_id = $2
         GROUP BY step_key, model ORDER BY min(id)) AS line) AS lines
     FROM (SELECT) AS always LEFT JOIN runs r ON r.id = $2 AND r.user_id = $1`,
    [userId, runId],
  );
  const row = rows[0];
  // A run that was deleted with its agent still has what it cost in the ledger.
  if (!row || (row.id === null && row.lines.length === 0)) {
    throw new AppError("not_found", "There is no such run.");
  }
  const { ceilingMicroUsd, reservedMicroUsd, lines } = row;
  return {
    ceilingMicroUsd,
    reservedMicroUsd,
    lines,
    costMicroUsd: lines.reduce((sum, line) => sum + line.costMicroUsd, 0),
  };
}
