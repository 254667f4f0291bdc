import pg from "pg";
import { appendEvents } from "#events/log.ts";
import { inTransaction } from "#platform/db.ts";
import { CLAIM_CANDIDATES, IDLE_PAUSE_SECONDS, LEASE_MS } from "#runs/tunables.ts";

/** A run that this runner holds; the fence tells this holding from every other. */
export interface ClaimedRun {
  runId: string;
  userId: string;
  agentId: string;
  fence: number;
  /** a person ended it while nobody executed it */
  cancelRequested: boolean;
  /** so many holdings before this one, in a row, came to nothing: not one event was stored */
  idleClaims: number;
}

export interface Claimer {
  runnerId: string;
  /** Whether this runner owns the user's workspace, or has just become its owner, in the same transaction. */
  takeWorkspace(client: pg.PoolClient, userId: string): Promise<boolean>;
  /** only runs of these users, as this host has no place for others; null: anybody's */
  only?: string[] | null;
}

interface Candidate {
  id: string;
}

// A workspace that another living runner owns: its runs are that runner's to take.
const WITHIN_REACH = `NOT EXISTS (
  SELECT FROM workspaces w WHERE w.user_id = r.user_id AND w.runner_id <> $1 AND w.lease_until > now())`;

const HAS_PLACE = "($3::text[] IS NULL OR r.user_id = ANY($3))";

// Whose holdings came to nothing waits ever longer: it may be another run that kills the runners.
const LAPSED = `
SELECT r.id FROM runs r
 WHERE r.status = 'running' AND r.lease_until < now() - r.idle_claims * interval '${IDLE_PAUSE_SECONDS} s' AND ${WITHIN_REACH} AND ${HAS_PLACE}
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
SELECT r.id, r.user_id AS "userId", r.created_at AS since FROM waiting JOIN quotas q USING (user_id)
 CROSS JOIN LATERAL (
   SELECT next.* FROM agents a CROSS JOIN LATERAL (
     SELECT id, user_id, created_at FROM runs
      WHERE agent_id = a.id AND status = 'queued' ORDER BY created_at, id LIMIT 1) next
    WHERE a.user_id = q.user_id
      AND NOT EXISTS (SELECT FROM runs WHERE agent_id = a.id AND status IN ('running', 'awaiting_review'))
      AND NOT EXISTS (SELECT FROM code_imports WHERE agent_id = a.id AND state IN ('pending', 'importing'))
    ORDER BY next.created_at, next.id LIMIT 1) r
 WHERE q.running < q.max_runs AND ${WITHIN_REACH} AND ${HAS_PLACE}
 ORDER BY q.running, r.created_at, r.id LIMIT $2`;

// The counter is locked together with the run: however many runners claim, a user never has more than the cap. Nobody
// waits for a lock, so that a claimer that froze holds up nobody but its user.
const LOCK_QUEUED = `
SELECT r.id FROM runs r JOIN quotas q ON q.user_id = r.user_id
 WHERE r.id = $1 AND r.status = 'queued' AND q.running < q.max_runs
   FOR NO KEY UPDATE OF r, q SKIP LOCKED`;

// Looked at again with the run locked: an import locks it as well before it begins, so that one of the two sees the other.
const START = `
WITH run AS (
  UPDATE runs SET status = 'running', owner = $2, lease_until = now() + $3 * interval '1 ms', fence = fence + 1,
         base_tree_hash = CASE WHEN started_at IS NULL THEN
           coalesce((SELECT tree_hash FROM versions WHERE agent_id = runs.agent_id ORDER BY number DESC LIMIT 1),
                    (SELECT tree_hash FROM code_imports WHERE agent_id = runs.agent_id AND state = 'done'))
         ELSE base_tree_hash END,
         started_at = coalesce(started_at, now()),
         -- The event that says so comes next; it is no progress.
         claimed_seq = last_seq + 1, idle_claims = 0
   WHERE id = $1 AND status = 'queued'
     AND NOT EXISTS (SELECT FROM code_imports c WHERE c.agent_id = runs.agent_id AND c.state IN ('pending', 'importing'))
  RETURNING id, user_id, agent_id, fence, cancel_requested, idle_claims
), counted AS (
  UPDATE quotas SET running = running + 1 FROM run WHERE quotas.user_id = run.user_id
)
SELECT id AS "runId", user_id AS "userId", agent_id AS "agentId", fence,
       cancel_requested AS "cancelRequested", idle_claims AS "idleClaims" FROM run`;

const STEAL = `
UPDATE runs SET owner = $2, lease_until = now() + $3 * interval '1 ms', fence = fence + 1,
       claimed_seq = last_seq, idle_claims = CASE WHEN last_seq > claimed_seq THEN 0 ELSE idle_claims + 1 END
 WHERE id = (SELECT id FROM runs WHERE id = $1 AND status = 'running' AND lease_until < now()
                FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id AS "runId", user_id AS "userId", agent_id AS "agentId", fence, cancel_requested AS "cancelRequested",
          idle_claims AS "idleClaims"`;

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

/** How long a run is left to other hosts before it stands in this one's line (ms), and how many stand there at most. */
const LEFT_MS = 300;
const LINE_MOST = 50;

/** Runs that could be claimed if this host had a place for their workspaces. */
export async function listUnclaimed(
  pool: pg.Pool,
  runnerId: string,
): Promise<{ userId: string; since: number }[]> {
  const { rows } = await pool.query<{ userId: string; since: Date }>(
    `SELECT "userId", since FROM (${QUEUED}) unclaimed WHERE since < now() - $4 * interval '1 ms'`,
    [runnerId, LINE_MOST, null, LEFT_MS],
  );
  return rows.map(({ userId, since }) => ({ userId, since: since.getTime() }));
}

type Take = (client: pg.PoolClient, runnerId: string, runId: string) => Promise<ClaimedRun | null>;

async function takeFirst(
  pool: pg.Pool,
  claimer: Claimer,
  candidatesSql: string,
  take: Take,
): Promise<ClaimedRun | "contended" | null> {
  const { rows } = await pool.query<Candidate>(candidatesSql, [
    claimer.runnerId,
    CLAIM_CANDIDATES,
    claimer.only ?? null,
  ]);
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
