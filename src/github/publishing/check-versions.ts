import { checkTree, type Obstacle } from "#github/check-tree.ts";
import type { Line } from "#github/publishing/line.ts";
import type { WaitingVersion } from "#github/publishing/versions.ts";
import { scanFiles } from "#github/scanning/scan-files.ts";
import type { Database } from "#platform/db.ts";
import { readBlob, readTree } from "#snapshots/read-tree.ts";
import type { TreeEntry } from "#snapshots/tree.ts";

export interface CheckedVersion extends WaitingVersion {
  entries: TreeEntry[];
}

export interface Checked {
  passed: CheckedVersion[];
  blocked: { version: WaitingVersion; obstacles: Obstacle[] }[];
}

/** Told to a person; more of the same helps nobody. */
const MAX_OBSTACLES = 50;

/**
 * What may be published of the versions. Each is compared with the last before it that may: what a blocked one brought
 * in is looked for again in the next.
 */
export async function checkVersions(
  db: Database,
  line: Line,
  versions: WaitingVersion[],
  given: { presentTree: string | null; mayChangeWorkflows: boolean; signal: AbortSignal },
): Promise<Checked> {
  const checked: Checked = { passed: [], blocked: [] };
  let before = given.presentTree ? await readTree(db, line.userId, given.presentTree) : [];
  for (const version of versions) {
    const entries = await readTree(db, line.userId, version.treeHash);
    const changed = changedFiles(before, entries);
    const isAtTop = line.directory === null || line.directory === "";
    const obstacles = checkTree(entries, {
      changed: (path) => changed.has(path),
      mayChangeWorkflows: given.mayChangeWorkflows || !isAtTop,
    });
    // A file that is refused by its name or size needs no further reading.
    if (obstacles.length === 0)
      obstacles.push(...(await findSecrets(db, line.userId, changed, given.signal)));
    if (obstacles.length > 0) {
      checked.blocked.push({ version, obstacles: obstacles.slice(0, MAX_OBSTACLES) });
      continue;
    }
    checked.passed.push({ ...version, entries });
    before = entries;
  }
  return checked;
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
  signal: AbortSignal,
): Promise<Obstacle[]> {
  const files = [...changed.values()].map(({ path, hash }) => ({
    path,
    read: () => readBlob(db, userId, hash),
  }));
  const found = await scanFiles(files, signal);
  return found.map(({ path, line, message }) => ({ code: "secret", path, line, message }));
}
