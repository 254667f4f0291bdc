import type { GitHub } from "#github/app.ts";
import type { GitSurroundings } from "#github/git/bare-repository.ts";
import { importTree } from "#github/importing/import-tree.ts";
import type { RepositoryClaim } from "#imports/claim-import.ts";
import type { CodeSource } from "#imports/code-source.ts";
import type { Database } from "#platform/db.ts";

/** Code from a branch of the user's repository, fetched on the runner's side: nothing of it is left in a workspace. */
export function repositorySource(parts: {
  db: Database;
  github: GitHub;
  git: GitSurroundings;
}): CodeSource<RepositoryClaim> {
  return {
    fetch: (claim, signal) => importTree(parts, claim, signal),
    clear: async () => undefined,
    failure: "GitHub did not give the code. Try again.",
  };
}
