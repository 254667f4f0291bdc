import type { UsageSum } from "#ledger/read-usage.ts";
import type { Database } from "#platform/db.ts";

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
  /** held by the run's calls under way */
  reservedMicroUsd: number;
  /** adds up to costMicroUsd */
  lines: ReceiptLine[];
}

/** The receipt of a run: one line for each step and model. Another tenant's run reads as one that cost nothing. */
export async function readRunCost(db: Database, userId: string, runId: string): Promise<RunCost> {
  const { rows: lines } = await db.pool.query<ReceiptLine>(
    `SELECT step_key AS "stepKey", model, sum(cost_micro_usd)::bigint AS "costMicroUsd",
       count(*) FILTER (WHERE kind = 'call') AS "calls", sum(input_tokens)::bigint AS "inputTokens",
       sum(output_tokens)::bigint AS "outputTokens", sum(cache_read_tokens)::bigint AS "cacheReadTokens",
       sum(cache_write_tokens)::bigint AS "cacheWriteTokens", bool_or(estimated) AS "estimated",
       coalesce(array_agg(DISTINCT reason) FILTER (WHERE reason IS NOT NULL), '{}') AS "reasons"
     FROM ledger_entries WHERE user_id = $1 AND run_id = $2
     GROUP BY step_key, model ORDER BY min(id)`,
    [userId, runId],
  );
  const { rows: held } = await db.pool.query<{ sum: number }>(
    `SELECT coalesce(sum(amount_micro_usd), 0)::bigint AS sum FROM reservations WHERE user_id = $1 AND run_id = $2`,
    [userId, runId],
  );
  const costMicroUsd = lines.reduce((sum, line) => sum + line.costMicroUsd, 0);
  return { costMicroUsd, reservedMicroUsd: held[0]?.sum ?? 0, lines };
}
