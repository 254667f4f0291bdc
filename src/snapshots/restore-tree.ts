import type { Database } from "#platform/db.ts";
import { isAppError } from "#platform/errors.ts";
import type { TreeSource } from "#snapshots/capture-tree.ts";
import { readBlob, readTree } from "#snapshots/read-tree.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

/** What a directory must be able to do to be restored. */
export interface TreeTarget extends TreeSource {
  write(path: string, content: Uint8Array, options?: { mode?: number }): Promise<void>;
  remove(path: string): Promise<void>;
}

/**
 * Makes the directory hold exactly the stored tree; what a tree never holds (installed packages, the private
 * environment) stays as it is. Safe to repeat.
 * @throws AppError not_found
 */
export async function restoreTree(
  db: Database,
  userId: string,
  hash: string,
  target: TreeTarget,
): Promise<void> {
  const entries = await readTree(db, userId, hash);
  const wanted = new Set(entries.map(({ path }) => path));
  const present = await target.list("", { recursive: true, skip: SKIPPED_NAMES });
  for (const { path, type } of present) {
    // A directory goes only where a file of the tree must stand.
    const inTheWay = type === "directory" ? wanted.has(path) : !wanted.has(path);
    if (!inTheWay || isKept(path)) continue;
    await target.remove(path).catch((error: unknown) => {
      // Gone with the directory that held it, or one whose name is no text and so cannot be told.
      if (!isAppError(error) || error.code !== "not_found") throw error;
    });
  }
  for (const entry of entries) {
    const content = await readBlob(db, userId, entry.hash);
    await target.write(entry.path, content, { mode: Number.parseInt(entry.mode, 8) & 0o777 });
  }
}

function isKept(path: string): boolean {
  return path.split("/").some((name) => SKIPPED_NAMES.includes(name));
}
