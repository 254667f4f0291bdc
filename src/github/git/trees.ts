import type { BareRepository } from "#github/git/bare-repository.ts";

/** Who a commit is by, and when: given in full, so that the same work makes the same commit however often it is done. */
export interface CommitPeople {
  author: { name: string; email: string };
  committer: { name: string; email: string };
  at: Date;
}

export type Merge = { tree: string } | { conflicts: string[] };

const NOBODY: CommitPeople = {
  author: { name: "Carrel", email: "carrel@localhost" },
  committer: { name: "Carrel", email: "carrel@localhost" },
  at: new Date(0),
};

/** @returns the tree that holds nothing */
export function emptyTree(repository: BareRepository): Promise<string> {
  return repository.local(["hash-object", "-w", "-t", "tree", "--stdin"], { input: "" });
}

/** The tree under a name of its own, for an agent whose files have a directory in the repository. */
export function underDirectory(repository: BareRepository, tree: string, directory: string): Promise<string> {
  return repository.local(["mktree"], { input: `040000 tree ${tree}\t${directory}\n` });
}

export function commitTree(
  repository: BareRepository,
  commit: { tree: string; parents: string[]; message: string; people?: CommitPeople },
): Promise<string> {
  const { author, committer, at } = commit.people ?? NOBODY;
  const date = `@${Math.floor(at.getTime() / 1000)} +0000`;
  const parents = commit.parents.flatMap((parent) => ["-p", parent]);
  return repository.local(["commit-tree", commit.tree, ...parents], {
    input: commit.message,
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: date,
    },
  });
}

/**
 * What `theirs` changed of `base`, done to `ours`. The three stand in no history (an agent's versions know none), so
 * git gets one that is made for the purpose and never leaves this repository.
 */
export async function mergeTrees(
  repository: BareRepository,
  { base, ours, theirs }: { base: string; ours: string; theirs: string },
): Promise<Merge> {
  if (base === ours) return { tree: theirs };
  if (base === theirs || ours === theirs) return { tree: ours };
  const common = await commitTree(repository, { tree: base, parents: [], message: "base" });
  const [one, other] = await Promise.all(
    [ours, theirs].map((tree) => commitTree(repository, { tree, parents: [common], message: "side" })),
  );
  const merge = ["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", `${one}`, `${other}`];
  // Contents that both sides changed may have to be fetched.
  const { exitCode, stdout } = await repository.remote(merge, { expect: [0, 1] });
  const [tree = "", ...paths] = stdout.split("\0");
  if (exitCode === 0) return { tree };
  return { conflicts: [...new Set(paths.filter((path) => path !== ""))].sort() };
}

export function treeOf(repository: BareRepository, commit: string): Promise<string> {
  return repository.local(["rev-parse", "--verify", `${commit}^{tree}`]);
}

/** The entries of a tree's top, by name. */
export async function topOf(repository: BareRepository, tree: string): Promise<Map<string, string>> {
  const lines = await repository.local(["ls-tree", "-z", tree]);
  const entries = lines.split("\0").filter((line) => line !== "");
  return new Map(entries.map((line) => [line.slice(line.indexOf("\t") + 1), line]));
}

/** A tree of some entries of another's top, as `topOf` gives them. */
export function makeTree(repository: BareRepository, entries: string[]): Promise<string> {
  return repository.local(["mktree", "-z", "--missing"], {
    input: entries.map((entry) => `${entry}\0`).join(""),
  });
}
