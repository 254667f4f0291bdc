import type { InstallationClient } from "#github/app.ts";
import { findPullRequest, type Target } from "#github/publishing/choose-target.ts";
import type { Holding } from "#github/publishing/holding.ts";
import { pullRequestBody, pullRequestTitle, type Told } from "#github/publishing/pull-request-text.ts";
import type { Repository } from "#github/publishing/repository.ts";
import { factsOf, type PullRequestFacts } from "#github/pull-requests.ts";

/** Opens the branch's pull request, or says in the open one what is new. @returns it, as GitHub has it now */
export async function putPullRequest(
  client: InstallationClient,
  holding: Holding,
  repository: Repository,
  target: Target,
  told: Told,
): Promise<PullRequestFacts> {
  const known = target.pullRequest;
  if (known) return change(client, holding, repository, known, told);
  try {
    holding.assertHeld();
    const { data } = await client.octokit.request("POST /repos/{owner}/{repo}/pulls", {
      owner: repository.owner,
      repo: repository.name,
      title: pullRequestTitle(told),
      head: target.branch,
      base: repository.defaultBranch,
      body: pullRequestBody(told),
      // Not done again by itself: the answer may be lost though the work is done.
      request: { retries: 0 },
    });
    return factsOf(repository.id, data);
  } catch (error) {
    if ((error as { status?: number }).status !== 422) throw error;
    const there = await findPullRequest(client, repository, target.branch);
    if (there?.facts.state !== "open") throw error;
    return change(
      client,
      holding,
      repository,
      { ...there, number: there.facts.number, body: there.body ?? "" },
      told,
    );
  }
}

async function change(
  client: InstallationClient,
  holding: Holding,
  repository: Repository,
  known: { number: number; title: string; body: string },
  told: Told,
): Promise<PullRequestFacts> {
  holding.assertHeld();
  const { data } = await client.octokit.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
    owner: repository.owner,
    repo: repository.name,
    pull_number: known.number,
    // A person who gave it another title wants that one.
    ...(isOurs(known.title, told.agentName) && { title: pullRequestTitle(told) }),
    body: pullRequestBody(told, known.body),
  });
  return factsOf(repository.id, data);
}

function isOurs(title: string, agentName: string): boolean {
  return /, version \d+: /.test(title) && title.startsWith(agentName.slice(0, 10));
}
