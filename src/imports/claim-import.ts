import { ATTEMPTS, CLAIMS_MOST, LEASE_MS, PAUSE_MS } from "#imports/tunables.ts";
import type { Database } from "#platform/db.ts";
import { storableText } from "#platform/storable.ts";

interface Claim {
  agentId: string;
  userId: string;
  /** set once the tree is being put into the directory: what stands there since is the import's own */
  treeHash: string | null;
  /** tells this holding from every other */
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

export interface ImportFailure {
  message: string;
  code?: string;
  /** of an uploaded file: its fault, and which of its entries has it */
  reason?: string;
  entry?: string;
}

// The files go into a workspace: when another living runner owns it, the import is that runner's.
const CLAIM = `
UPDATE code_imports SET state = 'importing', attempts = attempts + 1, lease_until = now() + $2 * interval '1 ms'
 WHERE agent_id = (
   SELECT i.agent_id FROM code_imports i
    WHERE (i.state = 'pending' AND (i.lease_until IS NULL OR i.lease_until < now())
           OR i.state = 'importing' AND i.lease_until < now())
      AND NOT EXISTS (SELECT FROM workspaces w
                       WHERE w.user_id = i.user_id AND w.runner_id <> $1 AND w.lease_until > now())
    ORDER BY i.created_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING agent_id AS "agentId", user_id AS "userId", source, installation_id AS "installationId",
          repository_id AS "repositoryId", branch, upload_id AS "uploadId", tree_hash AS "treeHash", attempts`;

// Whoever held it died each time before it could say why.
const GIVE_UP = `
UPDATE code_imports SET state = 'failed', error = 'The import was cut short too often.', lease_until = NULL, ended_at = now()
 WHERE state IN ('pending', 'importing') AND attempts >= $1 AND (lease_until IS NULL OR lease_until < now())`;

/** Only who holds it still may say anything of it. */
const HELD = "agent_id = $1 AND attempts = $2 AND state = 'importing'";

export async function claimImport(db: Database, runnerId: string): Promise<ClaimedImport | null> {
  await db.pool.query(GIVE_UP, [CLAIMS_MOST]);
  const { rows } = await db.pool.query<ClaimedImport>(CLAIM, [runnerId, LEASE_MS]);
  return rows[0] ?? null;
}

/** @returns false when another one holds it now */
export async function renewImport(db: Database, { agentId, attempts }: ClaimedImport): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `UPDATE code_imports SET lease_until = now() + $3 * interval '1 ms' WHERE ${HELD}`,
    [agentId, attempts, LEASE_MS],
  );
  return rowCount === 1;
}

/** null: it is done. What a workspace said of it may hold what the database refuses. */
export async function endImport(
  db: Database,
  { agentId, attempts }: ClaimedImport,
  failure: ImportFailure | null,
): Promise<void> {
  await db.pool.query(
    `UPDATE code_imports SET state = CASE WHEN $3::text IS NULL THEN 'done' ELSE 'failed' END, error = $3, code = $4,
            reason = $5, entry = $6, lease_until = NULL, ended_at = now() WHERE ${HELD}`,
    [
      agentId,
      attempts,
      ...[failure?.message, failure?.code, failure?.reason, failure?.entry].map((text) =>
        text === undefined ? null : storableText(text),
      ),
    ],
  );
}

/** It is tried again soon. @returns false when it was tried often enough */
export async function putBackImport(db: Database, { agentId, attempts }: ClaimedImport): Promise<boolean> {
  if (attempts >= ATTEMPTS) return false;
  await db.pool.query(
    `UPDATE code_imports SET state = 'pending', lease_until = now() + $3 * interval '1 ms' WHERE ${HELD}`,
    [agentId, attempts, PAUSE_MS],
  );
  return true;
}

/** Says, before anything is put there, that the directory was empty and that what comes is this tree. */
export async function noteRestore(
  db: Database,
  { agentId, attempts }: ClaimedImport,
  treeHash: string,
): Promise<void> {
  await db.pool.query(`UPDATE code_imports SET tree_hash = $3 WHERE ${HELD}`, [agentId, attempts, treeHash]);
}

/** How far it is, for whoever looks. */
export async function noteFiles(db: Database, agentId: string, done: number, total: number): Promise<void> {
  await db.pool.query("UPDATE code_imports SET files_done = $2, files_total = $3 WHERE agent_id = $1", [
    agentId,
    done,
    total,
  ]);
}

/** Lets go of it, as if it had not been claimed: this runner stops, another one may begin at once. */
export async function releaseImport(db: Database, { agentId, attempts }: ClaimedImport): Promise<void> {
  await db.pool.query(
    `UPDATE code_imports SET state = 'pending', lease_until = NULL, attempts = attempts - 1 WHERE ${HELD}`,
    [agentId, attempts],
  );
}
