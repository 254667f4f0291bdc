import { CLAIMS_MOST } from "#github/tunables.ts";
import type { Database } from "#platform/db.ts";

export interface ClaimedImport {
  agentId: string;
  userId: string;
  installationId: number;
  repositoryId: number;
  branch: string;
  /** set once the tree is being put into the directory: what stands there since is the import's own */
  treeHash: string | null;
  attempts: number;
}

/** Long enough for a large repository over a slow line; a runner that died holds it no longer. */
const LEASE_MS = 10 * 60_000;
const ATTEMPTS = 4;
const PAUSE_MS = 5_000;

// The files go into a workspace: when another living runner owns it, the import is that runner's.
const CLAIM = `
UPDATE github_imports SET state = 'importing', attempts = attempts + 1, lease_until = now() + $2 * interval '1 ms'
 WHERE agent_id = (
   SELECT i.agent_id FROM github_imports i
    WHERE (i.state = 'pending' AND (i.lease_until IS NULL OR i.lease_until < now())
           OR i.state = 'importing' AND i.lease_until < now())
      AND NOT EXISTS (SELECT FROM workspaces w
                       WHERE w.user_id = i.user_id AND w.runner_id <> $1 AND w.lease_until > now())
    ORDER BY i.created_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING agent_id AS "agentId", user_id AS "userId", installation_id AS "installationId",
          repository_id AS "repositoryId", branch, tree_hash AS "treeHash", attempts`;

// Whoever held it died each time before it could say why.
const GIVE_UP = `
UPDATE github_imports SET state = 'failed', error = 'The import was cut short too often.', lease_until = NULL, ended_at = now()
 WHERE state IN ('pending', 'importing') AND attempts >= $1 AND (lease_until IS NULL OR lease_until < now())`;

export async function claimImport(db: Database, runnerId: string): Promise<ClaimedImport | null> {
  await db.pool.query(GIVE_UP, [CLAIMS_MOST]);
  const { rows } = await db.pool.query<ClaimedImport>(CLAIM, [runnerId, LEASE_MS]);
  return rows[0] ?? null;
}

export async function endImport(db: Database, agentId: string, error: string | null): Promise<void> {
  await db.pool.query(
    `UPDATE github_imports SET state = CASE WHEN $2::text IS NULL THEN 'done' ELSE 'failed' END, error = $2,
            lease_until = NULL, ended_at = now() WHERE agent_id = $1 AND state = 'importing'`,
    [agentId, error],
  );
}

/** It is tried again soon. @returns false when it was tried often enough */
export async function putBackImport(db: Database, claim: ClaimedImport): Promise<boolean> {
  if (claim.attempts >= ATTEMPTS) return false;
  await db.pool.query(
    `UPDATE github_imports SET state = 'pending', lease_until = now() + $2 * interval '1 ms'
      WHERE agent_id = $1 AND state = 'importing'`,
    [claim.agentId, PAUSE_MS],
  );
  return true;
}

/** Says, before anything is put there, that the directory was empty and that what comes is this tree. */
export async function noteRestore(db: Database, agentId: string, treeHash: string): Promise<void> {
  await db.pool.query(
    "UPDATE github_imports SET tree_hash = $2 WHERE agent_id = $1 AND state = 'importing'",
    [agentId, treeHash],
  );
}

/** Lets go of it, as if it had not been claimed: this runner stops, another one may begin at once. */
export async function releaseImport(db: Database, claim: ClaimedImport): Promise<void> {
  await db.pool.query(
    `UPDATE github_imports SET state = 'pending', lease_until = NULL, attempts = attempts - 1
      WHERE agent_id = $1 AND state = 'importing'`,
    [claim.agentId],
  );
}
