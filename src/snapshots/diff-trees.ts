import { setImmediate } from "node:timers/promises";
import type { Database } from "#platform/db.ts";
import { type LineChanges, lineChanges } from "#snapshots/line-changes.ts";
import { readBlob, readTree } from "#snapshots/read-tree.ts";

export interface FileDiff extends LineChanges {
  path: string;
  change: "added" | "modified" | "deleted";
}

/** Larger contents are said to have changed, without a patch. Bytes. */
const MAX_PATCHED_BYTES = 1024 * 1024;
/** Once so much was compared, the other files are only said to have changed: nobody reads them all. Bytes. */
const MAX_COMPARED_BYTES = 16 * 1024 * 1024;

/**
 * What differs between two stored trees, by file, sorted by path; `from` null: everything is new.
 * @throws AppError not_found, also for another user's tree
 */
export async function diffTrees(
  db: Database,
  userId: string,
  from: string | null,
  to: string,
): Promise<{ files: FileDiff[] }> {
  const before = new Map((from ? await readTree(db, userId, from) : []).map((entry) => [entry.path, entry]));
  const after = new Map((await readTree(db, userId, to)).map((entry) => [entry.path, entry]));
  const files: FileDiff[] = [];
  let compared = 0;
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, now] = [before.get(path), after.get(path)];
    if (old?.hash === now?.hash && old?.mode === now?.mode) continue;
    const change = !old ? "added" : !now ? "deleted" : "modified";
    const sizes = [old?.size ?? 0, now?.size ?? 0] as const;
    compared += sizes[0] + sizes[1];
    const tooLarge = Math.max(...sizes) > MAX_PATCHED_BYTES || compared > MAX_COMPARED_BYTES;
    const changes = tooLarge
      ? { additions: 0, deletions: 0, binary: true, patch: "" }
      : lineChanges(
          path,
          old ? await readBlob(db, userId, old.hash) : null,
          now ? await readBlob(db, userId, now.hash) : null,
        );
    files.push({ path, change, ...changes });
    // Whoever else waits for this process has a turn before the next file.
    await setImmediate();
  }
  return { files };
}
