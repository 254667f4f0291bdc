import pg from "pg";
import { appendEvents } from "#events/log.ts";
import { inTransaction } from "#platform/db.ts";
import { CLAIM_CANDIDATES, LEASE_MS } from "#runs/tunables.ts";

/** A run that this runner holds; the fence tells this holding from every other. */
export interface ClaimedRun {
  runId: string;
  userId: string;
  agentId: string;
  fence: number;
  /** a person ended it while nobody executed it */
  cancelRequested: boolean;
}

export interface Claimer {
  runnerId: string;
  /** Whether this runner owns the user's workspace, or has just become its owner, in the same transaction. */
  takeWorkspace(client: pg.PoolClient, userId: string): Promise<boolean>;
}

interface Candidate {
  id: string;
}

// A workspace that another living runner owns: its runs are that runner's to take.
const WITHIN_REACH = `NOT EXISTS (
  SELECT FROM workspaces w WHERE w.user_id = r.user_id AND w.runner_id <> $1 AND w.lease_until > now())`;

const LAPSED = `
SELECT r.id FROM runs r
 WHERE r.status = 'running' AND r.lease_until < now() AND ${WITHIN_REACH}
 ORDER BY r.lease_until LIMIT $2`;

// From user to user by the index, and from agent to agent: the longest backlog costs one look. Who has the fewest
// running comes first, then who waits longest; of one agent only the oldest may go.
const QUEUED = `
WITH RECURSIVE waiting AS (
  (SELECT user_id FROM runs WHERE status = 'queued' ORDER BY user_id LIMIT 1)
  UNION ALL
  SELECT (SELECT user_id FROM runs WHERE status = 'queued' AND user_id > waiting.user_id ORDER BY user_id LIMIT 1)
    FROM waiting WHERE waiting.user_id IS NOT NULL
)
SELECT r.id FROM waiting JOIN quotas q USING (user_id)
 CROSS JOIN LATERAL (
   SELECT next.* FROM agents a CROSS JOIN LATERAL (
     SELECT id, user_id, created_at FROM runs
      WHERE agent_id = a.id AND status = 'queued' ORDER BY created_at, id LIMIT 1) next
    WHERE a.user_id = q.user_id
      AND NOT EXISTS (SELECT FROM runs WHERE agent_id = a.id AND status IN ('running', 'awaiting_review'))
    ORDER BY next.created_at, next.id LIMIT 1) r
 WHERE q.running < q.max_runs AND ${WITHIN_REACH}
 ORDER BY q.running, r.created_at, r.id LIMIT $2`;

// The counter is locked together with the run: however many runners claim, a user never has more than the cap. Nobody
// waits for a lock, so that a claimer that froze holds up nobody but its user.
const LOCK_QUEUED = `
SELECT r.id FROM runs r JOIN quotas q ON q.user_id = r.user_id
 WHERE r.id = $1 AND r.status = 'queued' AND q.running < q.max_runs
   FOR NO KEY UPDATE OF r, q SKIP LOCKED`;

const START = `
WITH run AS (
  UPDATE runs SET status = 'running', owner = $2, lease_until = now() + $3 * interval '1 ms', fence = fence + 1,
         base_tree_hash = CASE WHEN started_at IS NULL THEN (
           SELECT tree_hash FROM versions WHERE agent_id = runs.agent_id ORDER BY number DESC LIMIT 1)
         ELSE base_tree_hash END,
         started_at = coalesce(started_at, now())
   WHERE id = $1 AND status = 'queued' RETURNING id, user_id, agent_id, fence, cancel_requested
), counted AS (
  UPDATE quotas SET running = running + 1 FROM run WHERE quotas.user_id = run.user_id
)
SELECT id AS "runId", user_id AS "userId", agent_id AS "agentId", fence,
       cancel_requested AS "cancelRequested" FROM run`;

const STEAL = `
UPDATE runs SET owner = $2, lease_until = now() + $3 * interval '1 ms', fence = fence + 1
 WHERE id = (SELECT id FROM runs WHERE id = $1 AND status = 'running' AND lease_until < now()
                FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id AS "runId", user_id AS "userId", agent_id AS "agentId", fence, cancel_requested AS "cancelRequested"`;

/**
 * Takes one run: one whose runner let its lease lapse, else a queued one whose user is below the cap and whose agent
 * has nothing else going on. null: nothing to take now. "contended": there is something, but others are at it; look again
 * soon.
 */
export async function claimRun(pool: pg.Pool, claimer: Claimer): Promise<ClaimedRun | "contended" | null> {
  const lapsed = await takeFirst(pool, claimer, LAPSED, stealRun);
  if (lapsed !== null && lapsed !== "contended") return lapsed;
  return (await takeFirst(pool, claimer, QUEUED, startRun)) ?? lapsed;
}

type Take = (client: pg.PoolClient, runnerId: string, runId: string) => Promise<ClaimedRun | null>;

async function takeFirst(
  pool: pg.Pool,
  claimer: Claimer,
  candidatesSql: string,
  take: Take,
): Promise<ClaimedRun | "contended" | null> {
  const { rows } = await pool.query<Candidate>(candidatesSql, [claimer.runnerId, CLAIM_CANDIDATES]);
  for (const { id } of rows) {
    const run = await tryTake(pool, claimer, id, take);
    if (run) return run;
  }
  return rows.length > 0 ? "contended" : null;
}

/** Thrown to roll back a claim that turned out not to be possible. */
class NotNow extends Error {}

async function tryTake(
  pool: pg.Pool,
  claimer: Claimer,
  runId: string,
  take: Take,
): Promise<ClaimedRun | null> {
  try {
    return await inTransaction(pool, async (client) => {
      const run = await take(client, claimer.runnerId, runId);
      if (!run || !(await claimer.takeWorkspace(client, run.userId))) throw new NotNow();
      return run;
    });
  } catch (error) {
    // Another claimer started a run of the same agent between our look and our claim.
    const agentTaken = error instanceof pg.DatabaseError && error.constraint === "runs_one_active_per_agent";
    if (error instanceof NotNow || agentTaken) return null;
    throw error;
  }
}

async function startRun(client: pg.PoolClient, runnerId: string, runId: string): Promise<ClaimedRun | null> {
  const locked = await client.query(LOCK_QUEUED, [runId]);
  if (locked.rowCount === 0) return null;
  const { rows } = await client.query<ClaimedRun>(START, [runId, runnerId, LEASE_MS]);
  if (rows[0]) await appendEvents(client, { runId }, [{ body: { type: "run_status", status: "running" } }]);
  return rows[0] ?? null;
}

async function stealRun(client: pg.PoolClient, runnerId: string, runId: string): Promise<ClaimedRun | null> {
  const { rows } = await client.query<ClaimedRun>(STEAL, [runId, runnerId, LEASE_MS]);
  return rows[0] ?? null;
}
