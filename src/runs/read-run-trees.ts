import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/**
 * The stored trees that a run's result is compared by: what it began with, and its latest result's.
 * @throws AppError not_found, also for another user's run
 */
export async function readRunTrees(
  db: Database,
  userId: string,
  runId: string,
): Promise<{ baseTreeHash: string | null; treeHash: string | null }> {
  const { rows } = await db.pool.query<{ baseTreeHash: string | null; treeHash: string | null }>(
    `SELECT r.base_tree_hash AS "baseTreeHash",
            coalesce(
              (SELECT tree_hash FROM versions WHERE run_id = r.id),
              (SELECT tree_hash FROM reviews WHERE run_id = r.id AND kind = 'result' ORDER BY round DESC LIMIT 1)
            ) AS "treeHash"
       FROM runs r WHERE r.id = $1 AND r.user_id = $2`,
    [runId, userId],
  );
  if (!rows[0]) throw new AppError("not_found", "There is no such run.");
  return rows[0];
}
