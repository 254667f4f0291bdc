import type { Obstacle } from "#events/vocabulary.ts";
import { findObstacles } from "#github/find-obstacles.ts";
import type { Line } from "#github/publishing/line.ts";
import type { WaitingVersion } from "#github/publishing/versions.ts";
import { openScanner, type Scanner } from "#github/scanning/scan-files.ts";
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
  const isAtTop = line.directory === null || line.directory === "";
  const before = given.presentTree ? await readTree(db, line.userId, given.presentTree) : [];
  const scanner = openScanner(given.signal);
  try {
    const mayChangeWorkflows = given.mayChangeWorkflows || !isAtTop;
    return await checkEach(db, line.userId, versions, { before, mayChangeWorkflows, scanner });
  } finally {
    await scanner.close();
  }
}

async function checkEach(
  db: Database,
  userId: string,
  versions: WaitingVersion[],
  given: { before: TreeEntry[]; mayChangeWorkflows: boolean; scanner: Scanner },
): Promise<Checked> {
  const checked: Checked = { passed: [], blocked: [] };
  let { before } = given;
  for (const version of versions) {
    const entries = await readTree(db, userId, version.treeHash);
    const obstacles = await findObstacles(db, userId, { ...given, before, entries });
    if (obstacles.length > 0) {
      checked.blocked.push({ version, obstacles });
      continue;
    }
    checked.passed.push({ ...version, entries });
    before = entries;
  }
  return checked;
}
