import type { BareRepository } from "#github/git/bare-repository.ts";

/** Whatever a person's repository holds is not fetched but for its files' names: one commit, no history, no contents. */
const SPARING = ["--no-tags", "--depth=1", "--filter=blob:none", "--no-write-fetch-head", "--quiet"];

/**
 * Fetches the heads of the branches that are there. A pattern instead of a name, because git takes a name that is
 * missing for an error, and asking first would be one more request.
 * @returns the commits by branch
 */
export async function fetchBranches(
  repository: BareRepository,
  branches: string[],
): Promise<Map<string, string>> {
  const patterns = branches.map((branch) => `+refs/heads/${branch}*:refs/remotes/origin/${branch}*`);
  await repository.remote(["fetch", ...SPARING, "origin", ...patterns], { timeoutMs: 300_000 });
  const refs = await repository.local([
    "for-each-ref",
    "--format=%(objectname) %(refname)",
    "refs/remotes/origin/",
  ]);
  const heads = new Map<string, string>();
  for (const line of refs.split("\n")) {
    const [commit = "", ref = ""] = line.split(" ");
    const branch = ref.slice("refs/remotes/origin/".length);
    if (branches.includes(branch)) heads.set(branch, commit);
  }
  return heads;
}

/** Fetches one commit by its name. */
export async function fetchCommit(repository: BareRepository, commit: string): Promise<void> {
  await repository.remote(["fetch", ...SPARING, "origin", commit], { timeoutMs: 300_000 });
}
