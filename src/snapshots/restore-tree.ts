import pLimit from "p-limit";
import type { Database } from "#platform/db.ts";
import { isAppError } from "#platform/errors.ts";
import type { TreeSource } from "#snapshots/capture-tree.ts";
import { readBlob, readTree } from "#snapshots/read-tree.ts";
import { SKIPPED_NAMES, type TreeEntry } from "#snapshots/tree.ts";

/** Each is in memory whole while it is on its way. */
const AT_ONCE = 6;

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
  await writeAll(entries, async ({ path, hash: blob, mode }) => {
    const content = await readBlob(db, userId, blob);
    await target.write(path, content, { mode: Number.parseInt(mode, 8) & 0o777 });
  });
}

/** Several at once; the first failure is thrown when nothing is being written any more, so that all can be repeated. */
async function writeAll(entries: TreeEntry[], write: (entry: TreeEntry) => Promise<void>): Promise<void> {
  const atOnce = pLimit(AT_ONCE);
  const failures: unknown[] = [];
  const writing = entries.map((entry) =>
    atOnce(async () => {
      if (failures.length > 0) return;
      await write(entry).catch((error: unknown) => failures.push(error));
    }),
  );
  await Promise.all(writing);
  if (failures.length > 0) throw failures[0];
}

function isKept(path: string): boolean {
  return path.split("/").some((name) => SKIPPED_NAMES.includes(name));
}
