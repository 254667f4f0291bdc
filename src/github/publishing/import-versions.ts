import type { BareRepository } from "#github/git/bare-repository.ts";
import { importTrees } from "#github/git/import-trees.ts";
import { emptyTree, treeOf } from "#github/git/trees.ts";
import { firstBase } from "#github/publishing/choose-place.ts";
import { placeTree } from "#github/publishing/compose-commits.ts";
import type { Line } from "#github/publishing/line.ts";
import type { Database } from "#platform/db.ts";
import { readBlob, readTree } from "#snapshots/read-tree.ts";
import type { TreeEntry } from "#snapshots/tree.ts";

export interface Imported {
  /** git's names of the versions' trees, as they are stored */
  trees: string[];
  /** What the first of them changes, once it is decided where the files stand. */
  base(directory: string): Promise<string>;
}

/**
 * Brings the versions into the repository, with what they are compared by: the version before, else the files that
 * the work began with, else what a new repository begins with.
 */
export async function importVersions(
  db: Database,
  repository: BareRepository,
  line: Line,
  given: { before: string | null; main: string; trees: TreeEntry[][] },
): Promise<Imported> {
  const known = given.before ?? line.importedTree;
  const before = known ? [await readTree(db, line.userId, known)] : [];
  const all = await importTrees(repository, [...before, ...given.trees], ({ hash }) =>
    readBlob(db, line.userId, hash),
  );
  const trees = all.slice(before.length);
  return {
    trees,
    async base(directory) {
      if (before.length > 0) return placeTree(repository, String(all[0]), directory);
      if (directory !== "") return emptyTree(repository);
      return firstBase(repository, await treeOf(repository, given.main));
    },
  };
}
