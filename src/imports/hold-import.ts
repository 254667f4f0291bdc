import type { ClaimedImport } from "#imports/claim-import.ts";
import type { ImportState } from "#imports/read-import.ts";
import { ATTEMPTS, LEASE_MS, PAUSE_MS } from "#imports/tunables.ts";
import type { Database } from "#platform/db.ts";
import { storableJson, storableText } from "#platform/storable.ts";

export interface ImportFailure {
  message: string;
  code?: string;
  /** of an uploaded file: its fault, and which of its entries has it */
  reason?: string;
  entry?: string;
}

/**
 * Only who holds it still may say anything of it. By `attempts` alone one could be taken for another: they begin anew
 * when a failed import is asked for again. The release before this one claims without a name, but counts.
 */
const HELD = "agent_id = $1 AND owner = $2 AND attempts = $3 AND state = 'importing'";
const holding = ({ agentId, owner, attempts }: ClaimedImport) => [agentId, owner, attempts];

/** @returns false when another one holds it now */
export async function renewImport(db: Database, claim: ClaimedImport): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `UPDATE code_imports SET lease_until = now() + $4 * interval '1 ms' WHERE ${HELD}`,
    [...holding(claim), LEASE_MS],
  );
  return rowCount === 1;
}

/** null: it is done. What a workspace said of it may hold what the database refuses. */
export async function endImport(
  db: Database,
  claim: ClaimedImport,
  failure: ImportFailure | null,
): Promise<void> {
  await db.pool.query(
    `UPDATE code_imports SET state = CASE WHEN $4::text IS NULL THEN 'done' ELSE 'failed' END, error = $4, code = $5,
            reason = $6, entry = $7, lease_until = NULL, ended_at = now() WHERE ${HELD}`,
    [
      ...holding(claim),
      ...[failure?.message, failure?.code, failure?.reason, failure?.entry].map((text) =>
        text === undefined ? null : storableText(text),
      ),
    ],
  );
}

/** It is tried again soon. @returns false when it was tried often enough */
export async function putBackImport(db: Database, claim: ClaimedImport): Promise<boolean> {
  if (claim.attempts >= ATTEMPTS) return false;
  await db.pool.query(
    `UPDATE code_imports SET state = 'pending', lease_until = now() + $4 * interval '1 ms' WHERE ${HELD}`,
    [...holding(claim), PAUSE_MS],
  );
  return true;
}

/**
 * Says, before anything is put there, that the directory was empty and that what comes is this tree.
 * @returns false when another one holds it now, or the agent is gone
 */
export async function noteRestore(db: Database, claim: ClaimedImport, treeHash: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `UPDATE code_imports SET tree_hash = $4
      WHERE ${HELD} AND EXISTS (SELECT FROM agents WHERE id = $1 AND deleted_at IS NULL)`,
    [...holding(claim), treeHash],
  );
  return rowCount === 1;
}

/** What the code is of, and what of it does not come. */
export async function noteFound(
  db: Database,
  claim: ClaimedImport,
  found: { commit: string | null; branch: string | null; skipped: ImportState["skipped"] },
): Promise<void> {
  const branch = found.branch === null ? null : storableText(found.branch);
  await db.pool.query(`UPDATE code_imports SET commit_sha = $4, branch = $5, skipped = $6 WHERE ${HELD}`, [
    ...holding(claim),
    found.commit,
    branch,
    storableJson(found.skipped),
  ]);
}

/** How far it is, for whoever looks. */
export async function noteFiles(
  db: Database,
  claim: ClaimedImport,
  done: number,
  total: number,
): Promise<void> {
  await db.pool.query(`UPDATE code_imports SET files_done = $4, files_total = $5 WHERE ${HELD}`, [
    ...holding(claim),
    done,
    total,
  ]);
}

/** Lets go of it, as if it had not been claimed: this runner stops, another one may begin at once. */
export async function releaseImport(db: Database, claim: ClaimedImport): Promise<void> {
  await db.pool.query(
    `UPDATE code_imports SET state = 'pending', lease_until = NULL, attempts = attempts - 1 WHERE ${HELD}`,
    holding(claim),
  );
}
