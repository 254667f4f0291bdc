import type { Obstacle } from "#events/vocabulary.ts";
import { checkTree } from "#github/check-tree.ts";
import type { Scanner } from "#github/scanning/scan-files.ts";
import type { Database } from "#platform/db.ts";
import { readBlob } from "#snapshots/read-tree.ts";
import type { TreeEntry } from "#snapshots/tree.ts";

/** Told to a person; more of the same helps nobody. */
const MAX_OBSTACLES = 50;

/** What keeps a tree from being published where `before` is: by names, modes and sizes, then by what its files hold. */
export async function findObstacles(
  db: Database,
  userId: string,
  given: { before: TreeEntry[]; entries: TreeEntry[]; mayChangeWorkflows: boolean; scanner: Scanner },
): Promise<Obstacle[]> {
  const changed = changedFiles(given.before, given.entries);
  const named = checkTree(given.entries, {
    changed: (path) => changed.has(path),
    mayChangeWorkflows: given.mayChangeWorkflows,
  });
  const secrets = await findSecrets(db, userId, changed, given.scanner);
  return [...named, ...secrets].slice(0, MAX_OBSTACLES);
}

function changedFiles(before: TreeEntry[], after: TreeEntry[]): Map<string, TreeEntry> {
  const old = new Map(before.map((entry) => [entry.path, entry.hash]));
  return new Map(
    after.filter(({ path, hash }) => old.get(path) !== hash).map((entry) => [entry.path, entry]),
  );
}

async function findSecrets(
  db: Database,
  userId: string,
  changed: Map<string, TreeEntry>,
  scanner: Scanner,
): Promise<Obstacle[]> {
  const files = [...changed.values()].map(({ path, hash }) => ({
    path,
    read: () => readBlob(db, userId, hash),
  }));
  const found = await scanner.scan(files);
  return found.map(({ path, line, message }) => ({ code: "secret", path, line, message }));
}
