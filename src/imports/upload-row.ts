import type pg from "pg";
import { IMPORT_CHANNEL } from "#imports/import-channel.ts";
import { lockUntouched } from "#imports/lock-untouched.ts";
import type { Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

export interface Upload {
  userId: string;
  agentId: string;
  fileName: string;
  /** which one of a bundle; null: its own choice */
  branch: string | null;
  /** an Idempotency-Key */
  key: string | null;
}

interface Row {
  state: string;
  key: string | null;
  fingerprint: string | null;
}

export async function readUpload(sql: Sql, agentId: string): Promise<Row | undefined> {
  const { rows } = await sql.query<Row>(
    "SELECT state, upload_key AS key, fingerprint FROM code_imports WHERE agent_id = $1",
    [agentId],
  );
  return rows[0];
}

// One that failed may begin again; one that is on its way, or done, stays.
const BEGIN = `
INSERT INTO code_imports (agent_id, user_id, source, branch, upload_id, file_name, fingerprint, upload_key)
VALUES ($1, $2, 'upload', $3, $4, $5, $6, $7)
ON CONFLICT (agent_id) DO UPDATE
   SET source = excluded.source, installation_id = NULL, repository_id = NULL, branch = excluded.branch,
       upload_id = excluded.upload_id, file_name = excluded.file_name, fingerprint = excluded.fingerprint,
       upload_key = excluded.upload_key, state = 'pending', commit_sha = NULL, tree_hash = NULL, files_total = NULL,
       files_done = 0, skipped = '[]', error = NULL, code = NULL, reason = NULL, entry = NULL, attempts = 0,
       owner = NULL, lease_until = NULL, ended_at = NULL
 WHERE code_imports.state = 'failed'`;

/** @returns false when it is a repeat of what is there already */
export async function beginUpload(
  client: pg.PoolClient,
  upload: Upload & { uploadId: string; fingerprint: string },
): Promise<boolean> {
  const { agentId, userId, branch, uploadId, fileName, fingerprint, key } = upload;
  await lockUntouched(client, userId, agentId);
  const there = await readUpload(client, agentId);
  if (isRepeat(there, upload)) {
    requireSame(there, fingerprint);
    return false;
  }
  const values = [agentId, userId, branch, uploadId, fileName, fingerprint, key];
  const { rowCount } = await client.query(BEGIN, values);
  if (!rowCount) throw onItsWay();
  await client.query("SELECT pg_notify($1, '')", [IMPORT_CHANNEL]);
  return true;
}

export function isRepeat(row: Row | undefined, { key }: Upload): boolean {
  return key !== null && row?.key === key;
}

/** @throws AppError conflict */
export function requireSame(row: Row | undefined, fingerprint: string): void {
  if (row?.fingerprint !== fingerprint)
    throw new AppError("conflict", "This Idempotency-Key was used with another body.");
}

export function onItsWay(): AppError {
  return new AppError("conflict", "The code is in this agent already, or on its way.");
}
