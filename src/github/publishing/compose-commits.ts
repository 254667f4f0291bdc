import type { BareRepository } from "#github/git/bare-repository.ts";
import { type CommitPeople, commitTree, mergeTrees, treeOf, underDirectory } from "#github/git/trees.ts";

/** A version as a git tree, at the place in the repository where the agent's files stand. */
export interface PlacedVersion {
  id: string;
  tree: string;
  message: string;
  people: CommitPeople;
}

export interface Composed {
  /** the head after all of them; the parent when there is nothing to say */
  head: string;
  /** by version; null: the branch holds it already, byte for byte */
  commits: Map<string, string | null>;
  /** versions that do not fit what people did, with the files */
  conflicts: Map<string, string[]>;
}

/**
 * One commit for each version on top of the parent: what the version changed of the one before, done to what is there.
 * A version that conflicts is left out; the next is tried from the same base.
 */
export async function composeCommits(
  repository: BareRepository,
  parent: string,
  base: string,
  versions: PlacedVersion[],
): Promise<Composed> {
  const composed: Composed = { head: parent, commits: new Map(), conflicts: new Map() };
  let tree = await treeOf(repository, parent);
  let before = base;
  for (const version of versions) {
    const merged = await mergeTrees(repository, { base: before, ours: tree, theirs: version.tree });
    if ("conflicts" in merged) {
      composed.conflicts.set(version.id, merged.conflicts);
      continue;
    }
    before = version.tree;
    if (merged.tree === tree) {
      composed.commits.set(version.id, null);
      continue;
    }
    tree = merged.tree;
    composed.head = await commitTree(repository, {
      tree,
      parents: [composed.head],
      message: version.message,
      people: version.people,
    });
    composed.commits.set(version.id, composed.head);
  }
  return composed;
}

export function placeTree(repository: BareRepository, tree: string, directory: string): Promise<string> {
  return directory === "" ? Promise.resolve(tree) : underDirectory(repository, tree, directory);
}
