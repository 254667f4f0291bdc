import type { Database } from "#platform/db.ts";

/** What is known of how a version came about. Texts are people's and models': data. */
export interface Evidence {
  request: string | null;
  summary: string | null;
  figures: { files: number; testsPassed: number; testsFailed: number; findings: number } | null;
  plan: { content: string; status: string }[];
  findings: { tool: string; severity: string; message: string; path?: string; line?: number }[];
  models: { model: string; calls: number; tokens: number; costMicroUsd: number }[];
  costMicroUsd: number;
}

const READ = `
SELECT (SELECT text FROM messages WHERE run_id = r.id AND role = 'user' ORDER BY created_at, id LIMIT 1) AS request,
       (SELECT summary FROM reviews WHERE run_id = r.id AND kind = 'result' ORDER BY round DESC LIMIT 1) AS review,
       (SELECT text FROM messages WHERE run_id = r.id AND role = 'agent' ORDER BY created_at DESC, id DESC LIMIT 1) AS said,
       coalesce((SELECT payload->'entries' FROM run_events WHERE run_id = r.id AND type = 'plan' ORDER BY seq DESC LIMIT 1), '[]') AS plan,
       coalesce((SELECT jsonb_agg(payload ORDER BY seq) FROM
         (SELECT seq, payload FROM run_events WHERE run_id = r.id AND type = 'finding' ORDER BY seq DESC LIMIT 20) f), '[]') AS findings,
       coalesce((SELECT jsonb_agg(m) FROM
         (SELECT model, count(*) AS calls, sum(input_tokens + output_tokens) AS tokens, sum(cost_micro_usd) AS "costMicroUsd"
            FROM ledger_entries WHERE run_id = r.id AND kind = 'call' GROUP BY model ORDER BY model) m), '[]') AS models,
       r.cost_micro_usd AS cost
  FROM runs r WHERE r.id = $1`;

interface Row {
  request: string | null;
  review: { text?: string; figures?: Evidence["figures"] } | null;
  said: string | null;
  plan: Evidence["plan"];
  findings: Evidence["findings"];
  models: Evidence["models"];
  cost: number;
}

export async function readEvidence(db: Database, runId: string): Promise<Evidence | null> {
  const { rows } = await db.pool.query<Row>(READ, [runId]);
  const row = rows[0];
  if (!row) return null;
  return {
    request: row.request,
    summary: row.review?.text ?? row.said,
    figures: row.review?.figures ?? null,
    plan: row.plan,
    findings: row.findings,
    models: row.models,
    costMicroUsd: row.cost,
  };
}
