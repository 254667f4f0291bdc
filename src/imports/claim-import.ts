import { CLAIMS_MOST, LEASE_MS } from "#imports/tunables.ts";
import type { Database } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";

interface Claim {
  agentId: string;
  userId: string;
  /** set once the tree is being put into the directory: what stands there since is the import's own */
  treeHash: string | null;
  /** the name of this holding: another one of the same import has another */
  owner: string;
  /** how often it was claimed since it was asked for, this time included */
  attempts: number;
}

export interface RepositoryClaim extends Claim {
  source: "repository";
  installationId: number;
  repositoryId: number;
  branch: string;
}

export interface UploadClaim extends Claim {
  source: "upload";
  uploadId: string;
  /** which one of a bundle; null: its own choice */
  branch: string | null;
}

export type ClaimedImport = RepositoryClaim | UploadClaim;

// The files go into a workspace: when another living runner owns it, the import is that runner's.
const CLAIM = `
UPDATE code_imports SET state = 'importing', owner = $3, attempts = attempts + 1,
       lease_until = now() + $2 * interval '1 ms'
 WHERE agent_id = (
   SELECT i.agent_id FROM code_imports i JOIN agents a ON a.id = i.agent_id AND a.deleted_at IS NULL
    WHERE (i.state = 'pending' AND (i.lease_until IS NULL OR i.lease_until < now())
           OR i.state = 'importing' AND i.lease_until < now())
      AND NOT EXISTS (SELECT FROM workspaces w
                       WHERE w.user_id = i.user_id AND w.runner_id <> $1 AND w.lease_until > now())
    ORDER BY i.created_at LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED)
RETURNING agent_id AS "agentId", user_id AS "userId", source, installation_id AS "installationId",
          repository_id AS "repositoryId", branch, upload_id AS "uploadId", tree_hash AS "treeHash", owner,
          attempts`;

// Whoever held it died each time before it could say why, or there is no agent for it any more.
const GIVE_UP = `
UPDATE code_imports i SET state = 'failed', lease_until = NULL, ended_at = now(),
       error = CASE WHEN a.deleted_at IS NULL THEN 'The import was cut short too often.' ELSE 'The agent was deleted.' END
  FROM agents a
 WHERE a.id = i.agent_id AND i.state IN ('pending', 'importing') AND (i.attempts >= $1 OR a.deleted_at IS NOT NULL)
   AND (i.lease_until IS NULL OR i.lease_until < now())`;

export async function claimImport(db: Database, runnerId: string): Promise<ClaimedImport | null> {
  await db.pool.query(GIVE_UP, [CLAIMS_MOST]);
  const { rows } = await db.pool.query<ClaimedImport>(CLAIM, [runnerId, LEASE_MS, newId()]);
  return rows[0] ?? null;
}
