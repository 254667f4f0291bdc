import type { Database, Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import type { TreeEntry } from "#snapshots/tree.ts";

/** @throws AppError not_found, also for another user's tree */
export async function readTree(db: { pool: Sql }, userId: string, treeHash: string): Promise<TreeEntry[]> {
  const { rows } = await db.pool.query<{ entries: TreeEntry[] }>(
    "SELECT entries FROM trees WHERE user_id = $1 AND hash = $2",
    [userId, treeHash],
  );
  if (!rows[0]) throw new AppError("not_found", "There is no such tree.");
  return rows[0].entries;
}

/** @throws AppError not_found, also for another user's content */
export async function readBlob(db: Database, userId: string, hash: string): Promise<Buffer> {
  const { rows } = await db.pool.query<{ content: Buffer }>(
    "SELECT content FROM blobs WHERE user_id = $1 AND hash = $2",
    [userId, hash],
  );
  if (!rows[0]) throw new AppError("not_found", "There is no such content.");
  return rows[0].content;
}
