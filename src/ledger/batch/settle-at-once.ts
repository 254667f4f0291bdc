import type pg from "pg";
import type { Settlement } from "#ledger/settle.ts";

/**
 * Settles a whole batch in one statement: each reservation becomes a ledger entry (or nothing, where it is released),
 * moves from reserved to spent on every scope, and is added to its run and step. A reservation that is gone was settled
 * by somebody else and counts for nothing here. Locks are taken in the order that reserving and the runner's
 * checkpoints keep: reservations, budgets by name, runs, steps.
 *
 * It commits without waiting for the disk; the caller waits for that afterwards, with no row locked.
 *
 * The site pays what the provider bills, where that is more than the charge. Never more is charged than was reserved.
 */
const SETTLE = `
WITH said AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1) AS s (call text, released boolean, charged bigint, provider bigint, input int,
    output int, "cacheRead" int, "cacheWrite" int, reasoning int, characters int, estimated boolean, reason text)
), taken AS MATERIALIZED (
  DELETE FROM reservations r USING said s WHERE r.call_id = s.call
  RETURNING s.*, r.user_id, r.agent_id, r.run_id, r.step_key, r.scopes, r.amount_micro_usd AS amount, r.model,
    r.provider AS provider_name, least(s.charged, r.amount_micro_usd) AS due
), sums AS (
  SELECT scope, sum(amount) AS freed,
    sum(CASE WHEN scope LIKE 'site:%' THEN greatest(due, provider) ELSE due END) AS spent
  FROM taken, unnest(scopes) AS scope GROUP BY scope
), locked AS MATERIALIZED (
  SELECT s.* FROM sums s JOIN budgets b ON b.scope = s.scope ORDER BY b.scope FOR UPDATE OF b
), moved AS (
  UPDATE budgets b SET reserved_micro_usd = b.reserved_micro_usd - s.freed,
    spent_micro_usd = b.spent_micro_usd + s.spent
  FROM locked s WHERE b.scope = s.scope RETURNING 1
), entered AS (
  INSERT INTO ledger_entries (user_id, agent_id, run_id, step_key, call_id, provider, model, input_tokens,
    output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, speech_characters,
    provider_cost_micro_usd, cost_micro_usd, estimated, reason)
  SELECT user_id, agent_id, run_id, step_key, call, provider_name, model, input, output, "cacheRead", "cacheWrite",
    reasoning, characters, provider, due, estimated, CASE WHEN charged > amount THEN $2 ELSE reason END
  FROM taken WHERE NOT released
), added AS (
  UPDATE runs r SET cost_micro_usd = r.cost_micro_usd + t.due
  FROM (SELECT run_id, sum(due) AS due FROM taken WHERE due > 0 AND run_id IS NOT NULL GROUP BY run_id) t
  WHERE r.id = t.run_id AND (SELECT count(*) FROM moved) > 0 RETURNING 1
), stepped AS (
  UPDATE run_steps s SET cost_micro_usd = s.cost_micro_usd + t.due
  FROM (SELECT run_id, step_key, sum(due) AS due FROM taken WHERE due > 0 AND step_key IS NOT NULL
        GROUP BY run_id, step_key) t
  WHERE s.run_id = t.run_id AND s.key = t.step_key AND (SELECT count(*) FROM added) > 0
)
SELECT call, due FROM taken WHERE set_config('synchronous_commit', 'off', true) IS NOT NULL`;

export const CLIPPED =
  "The provider counted more than this call could use; what was above its reservation is not charged.";

/** What was charged for each, micro-dollars; null where somebody settled it before. */
export async function settleAtOnce(
  sql: pg.Pool | pg.PoolClient,
  batch: (Settlement | { callId: string; released: true })[],
): Promise<(number | null)[]> {
  const { rows } = await sql.query<{ call: string; due: number }>({
    name: "settle-at-once",
    text: SETTLE,
    values: [JSON.stringify(batch.map(toRow)), CLIPPED],
  });
  const due = new Map(rows.map((row) => [row.call, row.due]));
  return batch.map(({ callId }) => {
    const charged = due.get(callId) ?? null;
    // Twice in one batch is settled once, and said once.
    due.delete(callId);
    return charged;
  });
}

function toRow(settlement: Settlement | { callId: string; released: true }): object {
  const { callId: call } = settlement;
  if ("released" in settlement) return { call, released: true, charged: 0, provider: 0 };
  const { tokens, cost, estimated, reason } = settlement;
  return {
    call,
    released: false,
    charged: cost.charged,
    provider: cost.provider,
    input: tokens.input,
    output: tokens.output,
    cacheRead: tokens.cacheRead,
    cacheWrite: tokens.cacheWrite5m + tokens.cacheWrite1h,
    reasoning: tokens.reasoning,
    characters: tokens.characters,
    estimated,
    reason,
  };
}
