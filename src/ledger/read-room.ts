import { monthlyLimit } from "#ledger/monthly-budget.ts";
import { capsFor } from "#ledger/scopes.ts";
import type { Sql } from "#platform/db.ts";

/** run: the run's own ceiling; agent: its agent's; month: the user's budget; site: the installation's. */
export type CapName = "run" | "agent" | "month" | "site";

/** Micro-dollars. */
export interface RunRoom {
  /** what the run has cost so far */
  spentMicroUsd: number;
  /** the cap that leaves least; null: nothing caps the run */
  tightest: { cap: CapName; limitMicroUsd: number; leftMicroUsd: number } | null;
}

interface Standing {
  user: string;
  agentId: string;
  spent: number;
  run: number | null;
  agent: number | null;
  tier: string;
  own: number | null;
  site: number | null;
}

/**
 * How much a run may still spend under the tightest of its caps. What its own calls hold at this moment counts as left:
 * it is theirs. What others hold does not.
 */
export async function readRoom(sql: Sql, runId: string, now = new Date()): Promise<RunRoom> {
  const { rows } = await sql.query<Standing>(
    `SELECT r.user_id AS user, r.agent_id AS "agentId", r.cost_micro_usd AS spent, r.ceiling_micro_usd AS run,
            a.ceiling_micro_usd AS agent, u.tier, own.limit_micro_usd AS own, site.limit_micro_usd AS site
       FROM runs r JOIN agents a ON a.id = r.agent_id JOIN users u ON u.id = r.user_id
       LEFT JOIN budgets own ON own.scope = 'user:' || u.id LEFT JOIN budgets site ON site.scope = 'site'
      WHERE r.id = $1`,
    [runId],
  );
  const row = rows[0];
  if (!row) throw new Error(`run ${runId} is gone`);
  const { user: userId, agentId, run, agent, site } = row;
  const limits = { run, agent, userMonth: monthlyLimit(row.tier, row.own), siteMonth: site };
  const caps = capsFor({ userId, agentId, runId, stepKey: null }, limits, now);
  const capped = caps.flatMap(({ scope, limit }) => (limit === null ? [] : [{ scope, limit }]));
  const scopes = capped.map(({ scope }) => scope);
  const used = await usedBesides(sql, { userId, runId }, scopes);
  const rooms = capped.map(({ scope, limit }) => ({
    cap: nameOf(scope),
    limitMicroUsd: limit,
    leftMicroUsd: Math.max(0, limit - (used.get(scope) ?? 0)),
  }));
  rooms.sort((one, other) => one.leftMicroUsd - other.leftMicroUsd);
  return { spentMicroUsd: row.spent, tightest: rooms[0] ?? null };
}

/** What is spent under each scope, and what is held there by other calls than the run's. */
async function usedBesides(
  sql: Sql,
  { userId, runId }: { userId: string; runId: string },
  scopes: string[],
): Promise<Map<string, number>> {
  const { rows } = await sql.query<{ scope: string; used: number }>(
    `SELECT scope, (spent_micro_usd + reserved_micro_usd - coalesce((SELECT sum(amount_micro_usd) FROM reservations
              WHERE user_id = $1 AND run_id = $2 AND b.scope = ANY(scopes)), 0))::bigint AS used
       FROM budgets b WHERE scope = ANY($3)`,
    [userId, runId, scopes],
  );
  return new Map(rows.map(({ scope, used }) => [scope, used]));
}

function nameOf(scope: string): CapName {
  const [kind] = scope.split(":");
  return kind === "user" ? "month" : (kind as CapName);
}
