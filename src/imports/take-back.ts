import type { Database } from "#platform/db.ts";
import { isAppError } from "#platform/errors.ts";
import { readTree } from "#snapshots/read-tree.ts";

/** Removes what an import put into a directory that was empty before; files of others stay. Safe to repeat. */
export async function takeBack(
  db: Database,
  userId: string,
  treeHash: string,
  directory: { remove(path: string): Promise<void> },
): Promise<void> {
  const entries = await readTree(db, userId, treeHash);
  for (const name of new Set(entries.map(({ path }) => path.split("/")[0] as string))) {
    await directory.remove(name).catch((error: unknown) => {
      // It had not come so far.
      if (!isAppError(error) || error.code !== "not_found") throw error;
    });
  }
}
