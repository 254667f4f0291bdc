import type { GitHub } from "#github/app.ts";
import { askReach, type ReachingUser } from "#github/ask-reach.ts";
import { type Listed, type ListedRepository, listPages } from "#github/list-pages.ts";
import { setOffers } from "#github/offers.ts";
import { storeInstallation, type ToldInstallation } from "#github/store-installation.ts";
import { gitHubStatus, tellFailure } from "#github/tell-failure.ts";
import { type Database, inTransaction } from "#platform/db.ts";

/**
 * Asks GitHub how an installation stands and keeps the answer: status, repositories, what each of its users is offered.
 * What an event says is only the occasion: events come late, twice and in any order, the answer is always of now.
 * `askingUser`: who wants to know now, if a person does.
 * @throws AppError upstream_failed, unavailable
 */
export async function refreshInstallation(
  db: Database,
  github: GitHub,
  installationId: number,
  askingUser: string | null = null,
): Promise<void> {
  const askedAt = new Date();
  const told = await readInstallation(github, installationId);
  if (told === null) return forget(db, installationId, askedAt);
  await storeInstallation(db.pool, told, askedAt);
  if (told.suspended_at !== null) return;
  const listed = await listRepositories(github, installationId);
  const repositories = listed.rows;
  await refreshRepositories(db, installationId, listed, askedAt);
  const users = await usersOf(db, installationId);
  // All of one's own account; of an organisation what GitHub says is open to this person.
  const isOwner = ({ githubId }: ReachingUser) => told.account.id === githubId;
  const reach = await askReach(db, github, {
    installationId,
    users: users.filter((user) => !isOwner(user)),
    repositories,
    askingUser,
  });
  for (const user of users) {
    const offered = repositories.filter(({ id }) => isOwner(user) || reach.get(user.userId)?.has(id));
    await inTransaction(db.pool, (client) => setOffers(client, user.userId, installationId, offered));
  }
}

async function readInstallation(github: GitHub, installationId: number): Promise<ToldInstallation | null> {
  const app = await github.asApp();
  const route = "GET /app/installations/{installation_id}";
  try {
    const { data } = await app.request(route, { installation_id: installationId });
    return data as ToldInstallation;
  } catch (error) {
    if (gitHubStatus(error) === 404) return null;
    throw tellFailure(error, "asking about the installation");
  }
}

async function listRepositories(github: GitHub, installationId: number): Promise<Listed<ListedRepository>> {
  return github.inInstallation(installationId, async ({ octokit }) => {
    const listed = await listPages(
      (page) => octokit.request("GET /installation/repositories", page),
      "repositories",
    );
    return listed as Listed<ListedRepository>;
  });
}

async function forget(db: Database, installationId: number, askedAt: Date): Promise<void> {
  await db.pool.query(
    "UPDATE github_installations SET status = 'removed', asked_at = $2 WHERE id = $1 AND asked_at <= $2",
    [installationId, askedAt],
  );
}

/**
 * Chosen repositories keep their number when they are renamed. One that the installation has no more (of a list that
 * was not read to its end: one that is not among it stays as it is) is out of reach,
 * and so is one whose user GitHub no longer ties to the installation.
 */
async function refreshRepositories(
  db: Database,
  installationId: number,
  { rows: repositories, isWhole }: Listed<ListedRepository>,
  askedAt: Date,
): Promise<void> {
  await db.pool.query(
    `UPDATE github_repositories r
        SET (owner, name, default_branch, private, state, updated_at)
          = (coalesce(n.owner, r.owner), coalesce(n.name, r.name), coalesce(n.default_branch, r.default_branch),
             coalesce(n.private, r.private),
             CASE WHEN n.id IS NULL AND r.state = 'deleted' THEN 'deleted'
                  WHEN (n.id IS NOT NULL OR NOT $8 AND r.state = 'active') AND EXISTS (SELECT FROM github_installation_users u
                         WHERE u.user_id = r.user_id AND u.installation_id = r.installation_id) THEN 'active'
                  ELSE 'out_of_reach' END,
             $7)
       FROM github_repositories was
       LEFT JOIN unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::boolean[])
         AS n (id, owner, name, default_branch, private) ON n.id = was.repository_id
      WHERE was.user_id = r.user_id AND r.installation_id = $1 AND r.updated_at <= $7`,
    [
      installationId,
      repositories.map(({ id }) => id),
      repositories.map(({ owner }) => owner.login),
      repositories.map(({ name }) => name),
      repositories.map(({ default_branch }) => default_branch),
      repositories.map((repository) => repository.private),
      askedAt,
      isWhole,
    ],
  );
}

async function usersOf(db: Database, installationId: number): Promise<ReachingUser[]> {
  const { rows } = await db.pool.query<ReachingUser>(
    `SELECT u.user_id AS "userId", a.github_id AS "githubId", a.login
       FROM github_installation_users u JOIN github_accounts a USING (user_id) WHERE u.installation_id = $1`,
    [installationId],
  );
  return rows;
}
