import type pg from "pg";
import type { RunClaims } from "#gateway/run-token.ts";

/** A run as the gateway must know it, asked by the claims of its token; `id` tells the questions apart. */
export interface RunQuestion {
  id: string;
  claims: RunClaims;
}

export interface FoundRun {
  user_status: string;
  tier: string;
  own: number | null;
  site: number | null;
  status: string;
  fence: number;
  run_ceiling: number | null;
  agent_ceiling: number | null;
  models: unknown;
  /** sealed, by provider */
  keys: Record<string, string> | null;
}

/** Runs that belong to the user and agent of their claims, with every limit that applies; others are left out. */
export async function findRuns(pool: pg.Pool, questions: RunQuestion[]): Promise<Map<string, FoundRun>> {
  const asked = questions.map(({ id, claims }) => [id, claims.runId, claims.userId, claims.agentId]);
  const { rows } = await pool.query<FoundRun & { id: string }>({
    name: "find-runs",
    text: `SELECT q.id, u.status AS user_status, u.tier, own.limit_micro_usd AS own, site.limit_micro_usd AS site,
             r.status, r.fence, r.ceiling_micro_usd AS run_ceiling, a.ceiling_micro_usd AS agent_ceiling, a.models,
             (SELECT json_object_agg(k.provider, k.sealed) FROM provider_keys k WHERE k.user_id = u.id) AS keys
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS q (id, run, "user", agent)
             JOIN runs r ON r.id = q.run AND r.user_id = q."user" AND r.agent_id = q.agent
             JOIN users u ON u.id = r.user_id JOIN agents a ON a.id = r.agent_id
             LEFT JOIN budgets own ON own.scope = 'user:' || u.id LEFT JOIN budgets site ON site.scope = 'site'`,
    values: [0, 1, 2, 3].map((column) => asked.map((row) => row[column])),
  });
  return new Map(rows.map((row) => [row.id, row]));
}
