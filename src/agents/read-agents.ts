import type { AgentPersona, AgentPolicy, AgentView, LatestRunView } from "#agents/agent.ts";
import { RUN_QUEUE, type RunQueue } from "#agents/run-queue.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

interface Row {
  id: string;
  name: string;
  engine: string;
  model: string | null;
  instructions: string | null;
  persona: AgentPersona | null;
  policy: AgentPolicy;
  ceiling_micro_usd: number | null;
  created_at: Date;
  updated_at: Date;
  cost: number;
  run_id: string | null;
  status: LatestRunView["status"];
  run_created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  run_cost: number;
  step_key: string | null;
  step_title: string;
  step_started_at: Date;
  review_kind: LatestRunView["reviewKind"];
  version_number: number | null;
  queue: RunQueue | null;
}

// Of an agent's runs the one that is on is shown, else the latest.
const SELECT = `
SELECT a.*, coalesce((SELECT sum(cost_micro_usd)::bigint FROM runs WHERE agent_id = a.id), 0) AS cost,
       r.id AS run_id, r.status, r.created_at AS run_created_at, r.started_at, r.ended_at, r.cost_micro_usd AS run_cost,
       s.key AS step_key, s.title AS step_title, s.started_at AS step_started_at,
       v.kind AS review_kind, n.number AS version_number,
       ${RUN_QUEUE} AS queue
  FROM (SELECT * FROM agents WHERE user_id = $1 AND deleted_at IS NULL
           AND ($2::text IS NULL OR id = $2) AND ($3::text IS NULL OR id < $3)
         ORDER BY id DESC LIMIT $4) a
  LEFT JOIN LATERAL (SELECT * FROM runs WHERE agent_id = a.id
         ORDER BY status IN ('running', 'awaiting_review') DESC, created_at DESC, id DESC LIMIT 1) r ON true
  LEFT JOIN LATERAL (SELECT key, title, started_at FROM run_steps WHERE run_id = r.id AND status = 'running'
         ORDER BY ordinal DESC LIMIT 1) s ON r.status = 'running'
  LEFT JOIN reviews v ON v.run_id = r.id AND v.decision IS NULL
  LEFT JOIN versions n ON n.run_id = r.id
 ORDER BY a.id DESC`;

/** The user's agents, newest first. The cursor is the id of the last one seen. */
export async function listAgents(
  db: Database,
  userId: string,
  page: { limit: number; cursor?: string | null },
): Promise<{ agents: AgentView[]; nextCursor: string | null }> {
  const { rows } = await db.pool.query<Row>({
    name: "list-agents",
    text: SELECT,
    values: [userId, null, page.cursor ?? null, page.limit + 1],
  });
  const agents = rows.slice(0, page.limit).map(toView);
  return { agents, nextCursor: rows.length > page.limit ? (agents.at(-1)?.id ?? null) : null };
}

/** @throws AppError not_found, also for another user's agent */
export async function readAgent(db: Database, userId: string, agentId: string): Promise<AgentView> {
  const { rows } = await db.pool.query<Row>({
    name: "list-agents",
    text: SELECT,
    values: [userId, agentId, null, 1],
  });
  if (!rows[0]) throw new AppError("not_found", "There is no such agent.");
  return toView(rows[0]);
}

/** @throws AppError not_found, also for another user's agent */
export async function requireAgent(db: Database, userId: string, agentId: string): Promise<void> {
  const { rowCount } = await db.pool.query({
    name: "require-agent",
    text: "SELECT FROM agents WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL",
    values: [agentId, userId],
  });
  if (rowCount === 0) throw new AppError("not_found", "There is no such agent.");
}

function toView(row: Row): AgentView {
  return {
    id: row.id,
    name: row.name,
    engine: row.engine,
    model: row.model,
    instructions: row.instructions,
    persona: row.persona,
    policy: row.policy,
    ceilingMicroUsd: row.ceiling_micro_usd,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    costMicroUsd: row.cost,
    latestRun: latestRun(row),
  };
}

function latestRun(row: Row): LatestRunView | null {
  if (!row.run_id) return null;
  const step = row.step_key
    ? { key: row.step_key, title: row.step_title, startedAt: row.step_started_at.toISOString() }
    : null;
  return {
    id: row.run_id,
    status: row.status,
    createdAt: row.run_created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    step,
    reviewKind: row.review_kind,
    place: row.queue?.place ?? null,
    waitsFor: row.queue?.waitsFor ?? null,
    versionNumber: row.version_number,
    costMicroUsd: row.run_cost,
  };
}
