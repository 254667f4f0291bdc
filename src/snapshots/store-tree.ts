import { sha256 } from "#platform/crypto.ts";
import type { Database } from "#platform/db.ts";
import { sortEntries, type TreeEntry, treeHash } from "#snapshots/tree.ts";

/** Stores a content under its hash; what is stored already is not sent again. @returns the hash */
export async function storeBlob(db: Database, userId: string, content: Buffer): Promise<string> {
  const hash = sha256(content);
  const known = await db.pool.query("SELECT FROM blobs WHERE user_id = $1 AND hash = $2", [userId, hash]);
  if (known.rowCount === 0) {
    await db.pool.query(
      "INSERT INTO blobs (user_id, hash, size, content) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
      [userId, hash, content.length, content],
    );
  }
  return hash;
}

/** Stores a tree of stored contents under its name. */
export async function storeTree(
  db: Database,
  userId: string,
  entries: TreeEntry[],
): Promise<{ treeHash: string; entries: TreeEntry[] }> {
  const sorted = sortEntries(entries);
  const hash = treeHash(sorted);
  await db.pool.query(
    "INSERT INTO trees (user_id, hash, entries) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [userId, hash, JSON.stringify(sorted)],
  );
  return { treeHash: hash, entries: sorted };
}
