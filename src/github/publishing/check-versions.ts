import type { Obstacle } from "#events/vocabulary.ts";
import { findObstacles } from "#github/find-obstacles.ts";
import type { Line } from "#github/publishing/line.ts";
import type { WaitingVersion } from "#github/publishing/versions.ts";
import type { Database } from "#platform/db.ts";
import { readTree } from "#snapshots/read-tree.ts";
import type { TreeEntry } from "#snapshots/tree.ts";

export interface CheckedVersion extends WaitingVersion {
  entries: TreeEntry[];
}

export interface Checked {
  passed: CheckedVersion[];
  blocked: { version: WaitingVersion; obstacles: Obstacle[] }[];
}

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
    const isAtTop = line.directory === null || line.directory === "";
    const obstacles = await findObstacles(db, line.userId, {
      before,
      entries,
      mayChangeWorkflows: given.mayChangeWorkflows || !isAtTop,
      signal: given.signal,
    });
    if (obstacles.length > 0) {
      checked.blocked.push({ version, obstacles });
      continue;
    }
    checked.passed.push({ ...version, entries });
    before = entries;
  }
  return checked;
}
