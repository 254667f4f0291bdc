import { LRUCache } from "lru-cache";
import type { Database } from "#platform/db.ts";
import { readRunTrees } from "#runs/read-run-trees.ts";
import { diffTrees } from "#snapshots/diff-trees.ts";

/** Trees are named by their content, so what differs between two of them is found once. */
const counted = new LRUCache<string, number>({ max: 1_000 });

/**
 * Lines that the run added or changed and that were accepted: those of its approved result against what it began with.
 * null: nothing of the run was approved, or there is no such run any more.
 */
export async function readAcceptedLines(db: Database, userId: string, runId: string): Promise<number | null> {
  const { rowCount } = await db.pool.query(
    "SELECT FROM versions v JOIN runs r ON r.id = v.run_id WHERE r.id = $1 AND r.user_id = $2",
    [runId, userId],
  );
  if (rowCount === 0) return null;
  const { baseTreeHash, treeHash } = await readRunTrees(db, userId, runId);
  if (treeHash === null) return null;
  const key = `${userId}/${baseTreeHash}/${treeHash}`;
  const known = counted.get(key);
  if (known !== undefined) return known;
  const { files } = await diffTrees(db, userId, baseTreeHash, treeHash);
  const lines = files.reduce((sum, { additions }) => sum + additions, 0);
  counted.set(key, lines);
  return lines;
}
