import type { GitHub } from "#github/app.ts";
import {
  type BareRepository,
  type GitSurroundings,
  openBareRepository,
} from "#github/git/bare-repository.ts";
import { GitError } from "#github/git/run-git.ts";
import { listTree } from "#github/importing/list-tree.ts";
import { readContents } from "#github/importing/read-contents.ts";
import { requirePush } from "#github/require-push.ts";
import type { RepositoryClaim } from "#imports/claim-import.ts";
import { noteFiles, noteFound } from "#imports/hold-import.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { CAPTURE_LIMITS } from "#snapshots/capture-tree.ts";
import { storeBlob, storeTree } from "#snapshots/store-tree.ts";
import type { TreeEntry } from "#snapshots/tree.ts";

interface Parts {
  db: Database;
  github: GitHub;
  git: GitSurroundings;
}

/**
 * Fetches a branch on the runner's side, with a token that can read this one repository and is revoked afterwards, and
 * stores its files as a tree. Nothing of it comes near the workspace but the files.
 * @returns the tree's name
 */
export async function importTree(parts: Parts, claim: RepositoryClaim, signal: AbortSignal): Promise<string> {
  const { installationId, repositoryId } = claim;
  const ref = { installationId, repositoryId };
  return parts.github.inRepository(
    ref,
    { contents: "read", metadata: "read" },
    async ({ octokit, token }) => {
      const { data } = await octokit.request("GET /installation/repositories", { per_page: 1 });
      const [found] = data.repositories;
      if (!found) throw new AppError("conflict", "The repository can no longer be reached.");
      await requirePush(parts.db, octokit, {
        userId: claim.userId,
        repositoryId,
        owner: found.owner.login,
        name: found.name,
      });
      const remote = { url: `${parts.github.webUrl}/${found.full_name}.git`, token };
      const bare = await openBareRepository(parts.git, remote, signal);
      try {
        const commit = await fetchBranch(bare, claim.branch);
        return await keepTree(parts.db, claim, bare, commit);
      } finally {
        await bare.remove();
      }
    },
  );
}

async function fetchBranch(bare: BareRepository, branch: string): Promise<string> {
  const target = "refs/remotes/origin/import";
  const sparing = [
    "--no-tags",
    "--depth=1",
    `--filter=blob:limit=${CAPTURE_LIMITS.fileBytes + 1}`,
    "--quiet",
  ];
  try {
    await bare.remote(
      ["fetch", ...sparing, "--no-write-fetch-head", "origin", `+refs/heads/${branch}:${target}`],
      {
        timeoutMs: 300_000,
      },
    );
  } catch (error) {
    if (!(error instanceof GitError) || !/couldn't find remote ref/i.test(error.stderr)) throw error;
    throw new AppError("not_found", `There is no branch ${branch} in the repository.`, { cause: error });
  }
  return bare.local(["rev-parse", "--verify", `${target}^{commit}`]);
}

async function keepTree(
  db: Database,
  claim: RepositoryClaim,
  bare: BareRepository,
  commit: string,
): Promise<string> {
  const { files, skipped } = await listTree(bare, commit);
  const { branch } = claim;
  await noteFound(db, claim, { commit, branch, skipped: skipped.slice(0, 200) });
  const entries: TreeEntry[] = [];
  await noteFiles(db, claim, 0, files.length);
  for await (const batch of readContents(bare, files)) {
    for (const { file, content } of batch) {
      const hash = await storeBlob(db, claim.userId, content);
      entries.push({ path: file.path, mode: file.mode, hash, size: content.length });
    }
    await noteFiles(db, claim, entries.length, files.length);
  }
  return (await storeTree(db, claim.userId, entries)).treeHash;
}
