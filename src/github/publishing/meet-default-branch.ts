import type { InstallationClient } from "#github/app.ts";
import type { BareRepository } from "#github/git/bare-repository.ts";
import { fetchCommit } from "#github/git/fetch-branches.ts";
import { mergeTrees, treeOf } from "#github/git/trees.ts";
import { mergeBaseOf, type Repository } from "#github/publishing/repository.ts";

/**
 * The files in which the branch's new head could not be merged into the default branch; none: it can. A branch that
 * begins at the default branch's head always can.
 */
export async function conflictsWithDefault(
  bare: BareRepository,
  client: InstallationClient,
  repository: Repository,
  { main, tip, head }: { main: string; tip: string | undefined; head: string },
): Promise<string[]> {
  if (!tip || tip === main) return [];
  const parted = await mergeBaseOf(client, repository, main, tip);
  if (parted === main || parted === null) return [];
  await fetchCommit(bare, parted);
  const [base, ours, theirs] = await Promise.all([parted, main, head].map((commit) => treeOf(bare, commit)));
  const merged = await mergeTrees(bare, { base: `${base}`, ours: `${ours}`, theirs: `${theirs}` });
  return "conflicts" in merged ? merged.conflicts : [];
}
