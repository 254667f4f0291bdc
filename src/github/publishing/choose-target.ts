import type { InstallationClient } from "#github/app.ts";
import { type Line, takeBranch } from "#github/publishing/line.ts";
import { branchOf } from "#github/publishing/names.ts";
import { isContained, type Repository } from "#github/publishing/repository.ts";
import { factsOf, keepAnswer, type PullRequestFacts } from "#github/pull-requests.ts";
import type { Database } from "#platform/db.ts";

/** The branch that the versions go to, and its pull request once there is one. */
export interface Target {
  branch: string;
  pullRequest: (PullRequestFacts & { title: string; body: string }) | null;
}

/**
 * The agent's open pull request, as GitHub has it at this moment; else the one that an attempt before this one had
 * begun; else a new branch for a new one.
 */
export async function chooseTarget(
  db: Database,
  client: InstallationClient,
  line: Line,
  repository: Repository,
): Promise<Target> {
  for (const number of await openNumbers(db, line)) {
    const { data } = await client.octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
      owner: repository.owner,
      repo: repository.name,
      pull_number: number,
    });
    const facts = factsOf(repository.id, data);
    await keepAnswer(db.pool, line.agentId, facts);
    if (facts.state === "open") return targetOf(facts, data);
  }
  if (line.branch && !(await hasPullRequest(db, line, line.branch))) {
    const begun = await findPullRequest(client, repository, line.branch);
    if (!begun) return { branch: line.branch, pullRequest: null };
    // A branch's name is anybody's: only what holds a commit of ours is ours.
    if (!(await holdsOurs(db, client, line, repository, { branch: line.branch, tip: begun.facts.headSha })))
      return newTarget(db, line);
    await keepAnswer(db.pool, line.agentId, begun.facts);
    if (begun.facts.state === "open") return targetOf(begun.facts, begun);
  }
  return newTarget(db, line);
}

/** A branch that nothing of ours was on before. */
export async function newTarget(db: Database, line: Line): Promise<Target> {
  line.ordinal += 1;
  line.branch = branchOf(line.slug, line.ordinal);
  await takeBranch(db, line, line.branch, line.ordinal);
  return { branch: line.branch, pullRequest: null };
}

/** Whether a commit that was noted before it was sent to the branch is in its history. */
export async function holdsOurs(
  db: Database,
  client: InstallationClient,
  line: Line,
  repository: Repository,
  { branch, tip }: { branch: string; tip: string },
): Promise<boolean> {
  const { rows } = await db.pool.query<{ commit: string }>(
    `SELECT p.commit_sha AS commit FROM github_publications p JOIN versions v ON v.id = p.version_id
      WHERE p.agent_id = $1 AND p.repository_id = $2 AND p.branch = $3 AND p.commit_sha IS NOT NULL ORDER BY v.number`,
    [line.agentId, line.repositoryId, branch],
  );
  for (const { commit } of rows) if (await isContained(client, repository, commit, tip)) return true;
  return false;
}

/** The pull request of a branch, whatever became of it. */
export async function findPullRequest(client: InstallationClient, repository: Repository, branch: string) {
  const { data } = await client.octokit.request("GET /repos/{owner}/{repo}/pulls", {
    owner: repository.owner,
    repo: repository.name,
    head: `${repository.owner}:${branch}`,
    state: "all",
    per_page: 1,
  });
  const pull = data.find(({ head }) => head.ref === branch);
  return pull ? { facts: factsOf(repository.id, pull), title: pull.title, body: pull.body } : null;
}

function targetOf(facts: PullRequestFacts, said: { title: string; body?: string | null }): Target {
  return { branch: facts.branch, pullRequest: { ...facts, title: said.title, body: said.body ?? "" } };
}

async function openNumbers(db: Database, line: Line): Promise<number[]> {
  const { rows } = await db.pool.query<{ number: number }>(
    `SELECT number FROM github_pull_requests
      WHERE agent_id = $1 AND repository_id = $2 AND state = 'open' ORDER BY number DESC`,
    [line.agentId, line.repositoryId],
  );
  return rows.map(({ number }) => number);
}

async function hasPullRequest(db: Database, line: Line, branch: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    "SELECT FROM github_pull_requests WHERE agent_id = $1 AND repository_id = $2 AND branch = $3",
    [line.agentId, line.repositoryId, branch],
  );
  return rowCount !== 0;
}
