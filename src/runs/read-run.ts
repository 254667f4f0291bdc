import { RUN_QUEUE, type RunQueue } from "#agents/run-queue.ts";
import type { BudgetFigures, Obstacle, Quote, ReviewKind, RunStatus } from "#events/vocabulary.ts";
import type { Database, Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

export interface StepView {
  key: string;
  title: string;
  status: "running" | "done" | "failed";
  attempt: number;
  startedAt: string;
  endedAt: string | null;
  costMicroUsd: number;
}

export interface ReviewView {
  kind: ReviewKind;
  treeHash: string | null;
  options: unknown;
  summary: string;
  figures: ReviewFiguresView | null;
  /** what would keep the result from being published, or is left out of it */
  obstacles: Obstacle[];
  /** of a plan: as it was proposed */
  plan: unknown;
  budget: BudgetFigures | null;
}

export interface ReviewFiguresView {
  files: number;
  testsPassed: number;
  testsFailed: number;
  findings: number;
  costMicroUsd: number;
}

export interface RunView {
  id: string;
  agentId: string;
  status: RunStatus;
  error: { code: string; detail: string } | null;
  quote: Quote | null;
  /** what the run asks a person, while it does */
  review: ReviewView | null;
  queue: RunQueue | null;
  costMicroUsd: number;
  engine: string;
  model: string;
  round: number;
  steps: StepView[];
  lastSeq: number;
  versionNumber: number | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
}

// Times leave the database as ISO 8601 UTC with milliseconds, the way JSON.stringify writes a Date.
const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const SELECT_RUN = `
SELECT r.id, r.agent_id AS "agentId", r.status, r.error, r.quote, r.cost_micro_usd AS "costMicroUsd", r.engine, r.model,
       ${RUN_QUEUE} AS queue, r.round, r.last_seq AS "lastSeq", ${iso("r.created_at")} AS "createdAt", ${iso("r.started_at")} AS "startedAt",
       ${iso("r.ended_at")} AS "endedAt",
       (SELECT number FROM versions WHERE run_id = r.id) AS "versionNumber",
       (SELECT jsonb_build_object('kind', kind, 'treeHash', tree_hash, 'options', options,
                 'summary', coalesce(summary->>'text', ''), 'figures', summary->'figures',
                 'obstacles', coalesce(summary->'obstacles', '[]'), 'plan', summary->'plan',
                 'budget', summary->'budget')
          FROM reviews WHERE run_id = r.id AND decision IS NULL) AS review,
       coalesce((SELECT jsonb_agg(jsonb_build_object('key', s.key, 'title', s.title, 'status', s.status,
                 'attempt', s.attempt, 'startedAt', ${iso("s.started_at")}, 'endedAt', ${iso("s.ended_at")},
                 'costMicroUsd', s.cost_micro_usd) ORDER BY s.ordinal)
          FROM run_steps s WHERE s.run_id = r.id), '[]') AS steps
  FROM runs r`;

/** @throws AppError not_found, also for another user's run */
export function readRun(db: Database, userId: string, runId: string): Promise<RunView> {
  return readRunIn(db.pool, userId, runId);
}

/** The same inside a transaction. */
export async function readRunIn(sql: Sql, userId: string, runId: string): Promise<RunView> {
  const { rows } = await sql.query<RunView>({
    name: "read-run",
    text: `${SELECT_RUN} WHERE r.id = $1 AND r.user_id = $2`,
    values: [runId, userId],
  });
  if (!rows[0]) throw new AppError("not_found", "There is no such run.");
  return rows[0];
}

/**
 * An agent's runs, newest first. The cursor is the id of the last run seen: ids sort by the time they were made.
 * @throws AppError not_found
 */
export async function listRuns(
  db: Database,
  userId: string,
  agentId: string,
  page: { limit: number; cursor?: string | null },
): Promise<{ runs: RunView[]; nextCursor: string | null }> {
  const agent = await db.pool.query(
    "SELECT FROM agents WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL",
    [agentId, userId],
  );
  if (agent.rowCount === 0) throw new AppError("not_found", "There is no such agent.");
  const { rows } = await db.pool.query<RunView>({
    name: "list-runs",
    text: `${SELECT_RUN} WHERE r.agent_id = $1 AND r.user_id = $2 AND ($3::text IS NULL OR r.id < $3)
            ORDER BY r.id DESC LIMIT $4`,
    values: [agentId, userId, page.cursor ?? null, page.limit + 1],
  });
  const runs = rows.slice(0, page.limit);
  return { runs, nextCursor: rows.length > page.limit ? (runs.at(-1)?.id ?? null) : null };
}
