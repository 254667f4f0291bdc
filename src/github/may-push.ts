import type { GitHubClient } from "#github/octokit.ts";
import { gitHubStatus } from "#github/tell-failure.ts";

/** Whether GitHub lets this person push to a repository. Names can be given away and taken over; the number decides. */
export async function mayPush(
  octokit: GitHubClient,
  owner: string,
  repo: string,
  person: { githubId: number; login: string },
): Promise<boolean> {
  const route = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
  try {
    const { data } = await octokit.request(route, { owner, repo, username: person.login });
    return data.user?.id === person.githubId && ["admin", "maintain", "write"].includes(data.permission);
  } catch (error) {
    if (gitHubStatus(error) === 404) return false;
    throw error;
  }
}
