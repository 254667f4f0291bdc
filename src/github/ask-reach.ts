import type { GitHub } from "#github/app.ts";
import type { ListedRepository } from "#github/list-pages.ts";
import { mayPush } from "#github/may-push.ts";
import type { Database } from "#platform/db.ts";

/** Questions of one look at an installation; what is left is asked the next time. */
const ASKED_MOST = 50;

export interface ReachingUser {
  userId: string;
  githubId: number;
  login: string;
}

interface Known {
  user_id: string;
  repository_id: number;
  may: boolean;
}

interface Question {
  user: ReachingUser;
  repository: ListedRepository;
}

/**
 * Which of an organisation's repositories each user may push to, as GitHub said. It is asked once for each; a no is
 * remembered, and asked again only for the user who wants to know now: whoever looks at a page pays for that page.
 */
export async function askReach(
  db: Database,
  github: GitHub,
  given: {
    installationId: number;
    users: ReachingUser[];
    repositories: ListedRepository[];
    askingUser: string | null;
  },
): Promise<Map<string, Set<number>>> {
  const { installationId, users, repositories, askingUser } = given;
  const known = await readKnown(db, installationId);
  const reach = new Map(users.map(({ userId }) => [userId, new Set<number>()]));
  const answers = new Map<string, boolean>();
  for (const { user_id, repository_id, may } of known) {
    answers.set(`${user_id}:${repository_id}`, may);
    if (may) reach.get(user_id)?.add(repository_id);
  }
  const open = users.flatMap((user) =>
    repositories
      .filter(({ archived }) => archived !== true)
      .map((repository) => ({ user, repository, said: answers.get(`${user.userId}:${repository.id}`) })),
  );
  // What was never asked comes before what is asked again.
  const questions = [
    ...open.filter(({ user, said }) => said === undefined && isFor(user, askingUser)),
    ...open.filter(({ user, said }) => said === false && user.userId === askingUser),
  ].slice(0, ASKED_MOST);
  for (const [repository, asking] of byRepository(questions)) {
    const may = await ask(github, installationId, repository, asking);
    for (const { userId } of may) reach.get(userId)?.add(repository.id);
    await remember(
      db,
      installationId,
      repository.id,
      asking.filter((user) => !may.includes(user)),
    );
  }
  return reach;
}

function isFor(user: ReachingUser, askingUser: string | null): boolean {
  return askingUser === null || user.userId === askingUser;
}

async function readKnown(db: Database, installationId: number): Promise<Known[]> {
  const { rows } = await db.pool.query<Known>(
    `SELECT user_id, repository_id, true AS may FROM github_offers WHERE installation_id = $1
     UNION ALL SELECT r.user_id, r.repository_id, false FROM github_refusals r
      WHERE r.installation_id = $1 AND NOT EXISTS (
        SELECT FROM github_offers o WHERE o.user_id = r.user_id AND o.repository_id = r.repository_id)`,
    [installationId],
  );
  return rows;
}

function byRepository(questions: Question[]): Map<ListedRepository, ReachingUser[]> {
  const grouped = new Map<ListedRepository, ReachingUser[]>();
  for (const { user, repository } of questions)
    grouped.set(repository, [...(grouped.get(repository) ?? []), user]);
  return grouped;
}

/** One token of the repository for all of them. @returns who may */
function ask(
  github: GitHub,
  installationId: number,
  repository: ListedRepository,
  users: ReachingUser[],
): Promise<ReachingUser[]> {
  const ref = { installationId, repositoryId: repository.id };
  return github.inRepository(ref, { metadata: "read" }, async ({ octokit }) => {
    const may: ReachingUser[] = [];
    for (const user of users)
      if (await mayPush(octokit, repository.owner.login, repository.name, user)) may.push(user);
    return may;
  });
}

async function remember(
  db: Database,
  installationId: number,
  repositoryId: number,
  refused: ReachingUser[],
): Promise<void> {
  // Whose access ended meanwhile has nothing to be remembered.
  await db.pool.query(
    `INSERT INTO github_refusals (user_id, installation_id, repository_id)
     SELECT u.user_id, u.installation_id, $2 FROM github_installation_users u
      WHERE u.installation_id = $1 AND u.user_id = ANY($3::text[])
     ON CONFLICT (user_id, repository_id) DO UPDATE SET installation_id = excluded.installation_id, asked_at = now()`,
    [installationId, repositoryId, refused.map(({ userId }) => userId)],
  );
}
