import type { GitHub } from "#github/app.ts";
import { factsOf, keepAnswer } from "#github/pull-requests.ts";
import type { Database } from "#platform/db.ts";

interface Doubtful {
  agent_id: string;
  repository_id: number;
  number: number;
  installation_id: number;
  owner: string;
  name: string;
}

/** So many are asked about in one go; the others in the next. */
const AT_ONCE = 5;

/** Asks GitHub about the pull requests whose news could not be put in order. */
export async function settleDoubts(db: Database, github: GitHub): Promise<void> {
  const { rows } = await db.pool.query<Doubtful>(
    `SELECT p.agent_id, p.repository_id, p.number, r.installation_id, r.owner, r.name
       FROM github_pull_requests p JOIN agents a ON a.id = p.agent_id
       JOIN github_repositories r ON r.user_id = a.user_id AND r.repository_id = p.repository_id AND r.state = 'active'
      WHERE p.doubt ORDER BY p.updated_at LIMIT $1`,
    [AT_ONCE],
  );
  for (const doubtful of rows) await ask(db, github, doubtful);
}

async function ask(
  db: Database,
  github: GitHub,
  { agent_id, owner, name, ...pull }: Doubtful,
): Promise<void> {
  const ref = { installationId: pull.installation_id, repositoryId: pull.repository_id };
  await github.inRepository(ref, { pull_requests: "read" }, async ({ octokit }) => {
    const { data } = await octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
      owner,
      repo: name,
      pull_number: pull.number,
    });
    await keepAnswer(db.pool, agent_id, factsOf(pull.repository_id, data));
  });
}
