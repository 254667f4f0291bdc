import type { GitHubClient } from "#github/octokit.ts";
import { gitHubStatus } from "#github/tell-failure.ts";

/** Gives an empty repository the branch that pull requests are made against. One that has it stays as it is. */
export async function makeFirstCommit(
  octokit: GitHubClient,
  { owner, repo, branch }: { owner: string; repo: string; branch: string },
): Promise<void> {
  if (await hasBranch(octokit, owner, repo, branch)) return;
  const text = `# ${repo}\n\nWork of agents arrives here as pull requests, one version after the other.\n`;
  await octokit
    .request("PUT /repos/{owner}/{repo}/contents/{path}", {
      owner,
      repo,
      path: "README.md",
      message: "First commit",
      content: Buffer.from(text).toString("base64"),
    })
    .catch((error: unknown) => {
      // Somebody was faster: the file is there, and with it the branch.
      if (![409, 422].includes(gitHubStatus(error) ?? 0)) throw error;
    });
}

async function hasBranch(
  octokit: GitHubClient,
  owner: string,
  repo: string,
  branch: string,
): Promise<boolean> {
  const route = "GET /repos/{owner}/{repo}/git/ref/{ref}";
  try {
    await octokit.request(route, { owner, repo, ref: `heads/${branch}` });
    return true;
  } catch (error) {
    // 409: "Git Repository is empty."
    if ([404, 409].includes(gitHubStatus(error) ?? 0)) return false;
    throw error;
  }
}
