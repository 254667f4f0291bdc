import { mayPush } from "#github/may-push.ts";
import type { GitHubClient } from "#github/octokit.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

interface Chosen {
  userId: string;
  repositoryId: number;
  owner: string;
  name: string;
}

interface Person {
  githubId: number;
  login: string;
}

/**
 * Asks GitHub, at the start of a piece of work, whether the user still may push to what they chose. Whoever may not has
 * it out of reach from then on.
 * @throws AppError conflict when they may not
 */
export async function requirePush(db: Database, octokit: GitHubClient, chosen: Chosen): Promise<void> {
  const { rows } = await db.pool.query<Person>(
    'SELECT github_id AS "githubId", login FROM github_accounts WHERE user_id = $1',
    [chosen.userId],
  );
  const [person] = rows;
  if (person && (await mayPush(octokit, chosen.owner, chosen.name, person))) return;
  await db.pool.query(
    `UPDATE github_repositories SET state = 'out_of_reach', updated_at = now()
      WHERE user_id = $1 AND repository_id = $2 AND state = 'active'`,
    [chosen.userId, chosen.repositoryId],
  );
  throw new AppError(
    "conflict",
    `GitHub no longer lets you push to ${chosen.owner}/${chosen.name}. Choose another repository.`,
    { details: { reason: "no_push" } },
  );
}
