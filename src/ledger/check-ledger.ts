import type { Sql } from "#platform/db.ts";

/** Two figures that should be one. All in micro-dollars. */
export interface Disagreement {
  scope: string;
  what: "reserved" | "spent" | "run";
  /** as the budget, or the run, has it */
  kept: number;
  /** as reservations, or entries, add up to */
  summed: number;
}

/**
 * Compares what budgets and runs say with the sums of the reservations and entries that they stand for, in one
 * statement, so that all of it is of one moment. Empty: all agree. Scopes of users, agents and runs that are erased are
 * left out: their entries are gone with them.
 */
export async function checkLedger(sql: Sql): Promise<Disagreement[]> {
  const { rows } = await sql.query<Disagreement>(
    `WITH held AS (
       SELECT scope, sum(amount_micro_usd)::bigint AS summed FROM reservations, unnest(scopes) AS scope GROUP BY scope
     ), reserved AS (
       SELECT b.scope, 'reserved' AS what, b.reserved_micro_usd AS kept, coalesce(h.summed, 0)::bigint AS summed
         FROM budgets b LEFT JOIN held h USING (scope)
     ), users_spent AS (
       SELECT 'user:' || u.id AS scope, 'spent' AS what,
         coalesce((SELECT sum(spent_micro_usd) FROM budgets WHERE scope LIKE 'user:' || u.id || ':%'), 0)::bigint AS kept,
         coalesce((SELECT sum(cost_micro_usd) FROM ledger_entries WHERE user_id = u.id), 0)::bigint
           AS summed
         FROM users u
     ), agents_spent AS (
       SELECT b.scope, 'spent' AS what, b.spent_micro_usd AS kept,
         coalesce((SELECT sum(cost_micro_usd) FROM ledger_entries WHERE agent_id = a.id), 0)::bigint
         FROM agents a JOIN budgets b ON b.scope = 'agent:' || a.id
     ), runs_spent AS (
       SELECT 'run:' || r.id AS scope, 'run' AS what, r.cost_micro_usd AS kept,
         coalesce((SELECT sum(cost_micro_usd) FROM ledger_entries WHERE run_id = r.id), 0)::bigint
         FROM runs r
     )
     SELECT * FROM (
       SELECT * FROM reserved UNION ALL SELECT * FROM users_spent UNION ALL SELECT * FROM agents_spent
       UNION ALL SELECT * FROM runs_spent
     ) AS sums WHERE kept <> summed ORDER BY scope, what LIMIT 100`,
  );
  return rows;
}
