import type { Database } from "#platform/db.ts";

export interface UsageSum {
  /** micro-dollars, credits and corrections included */
  costMicroUsd: number;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
}

export interface UsageRow extends UsageSum {
  /** the day (yyyy-mm-dd), agent id, model or run id; null: calls that belong to no agent or run */
  key: string | null;
}

export interface Usage {
  total: UsageSum;
  /** what calls under way hold right now, micro-dollars */
  reservedMicroUsd: number;
  rows: UsageRow[];
}

export type UsageGroup = "day" | "agent" | "model" | "run";

export interface UsagePeriod {
  /** from this moment on; null: from the beginning */
  from: Date | null;
  /** before this moment; null: until now */
  to: Date | null;
  /** IANA zone in which days begin; default UTC */
  timeZone?: string | null;
}

const KEYS: Record<UsageGroup, string> = {
  day: `to_char(at AT TIME ZONE $4, 'YYYY-MM-DD')`,
  agent: "agent_id",
  model: "model",
  run: "run_id",
};

const SUMS = `coalesce(sum(cost_micro_usd), 0)::bigint AS "costMicroUsd",
  count(*) FILTER (WHERE kind = 'call') AS "calls",
  coalesce(sum(input_tokens), 0)::bigint AS "inputTokens",
  coalesce(sum(output_tokens), 0)::bigint AS "outputTokens",
  coalesce(sum(cache_read_tokens), 0)::bigint AS "cacheReadTokens",
  coalesce(sum(cache_write_tokens), 0)::bigint AS "cacheWriteTokens"`;

/** What a user's calls of a period cost, in total and by day, agent, model or run. Days come oldest first, others dearest first. */
export async function readUsage(
  db: Database,
  userId: string,
  query: UsagePeriod & { groupBy: UsageGroup },
): Promise<Usage> {
  const order = query.groupBy === "day" ? `"key"` : `"costMicroUsd" DESC, "key"`;
  // One statement, so that rows and total are of one moment; the total is the row of the empty grouping set.
  const { rows } = await db.pool.query<UsageRow & { whole: number }>(
    `SELECT g AS "key", grouping(g) AS whole, ${SUMS}
     FROM (SELECT *, ${KEYS[query.groupBy]} AS g FROM ledger_entries
           WHERE user_id = $1 AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
             AND $4::text IS NOT NULL) AS entries
     GROUP BY GROUPING SETS ((g), ()) ORDER BY whole DESC, ${order}`,
    [userId, query.from, query.to, query.timeZone ?? "UTC"],
  );
  const [total, ...groups] = rows.map(({ whole: _, ...row }) => row);
  if (!total) throw new Error("a sum over nothing is still one row");
  const { key: _, ...sums } = total;
  return { total: sums, reservedMicroUsd: await readReserved(db, userId), rows: groups };
}

/** What a user's calls under way hold right now, micro-dollars. */
export async function readReserved(db: Database, userId: string): Promise<number> {
  const { rows } = await db.pool.query<{ sum: number }>(
    `SELECT coalesce(sum(amount_micro_usd), 0)::bigint AS sum FROM reservations WHERE user_id = $1`,
    [userId],
  );
  return rows[0]?.sum ?? 0;
}
