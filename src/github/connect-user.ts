import type pg from "pg";
import type { GitHub } from "#github/app.ts";
import { asAuthorisedUser } from "#github/authorise-user.ts";
import { type ListedRepository, listPages } from "#github/list-pages.ts";
import type { GitHubClient } from "#github/octokit.ts";
import { setOffers } from "#github/offers.ts";
import { storeInstallation, type ToldInstallation } from "#github/store-installation.ts";
import { tellFailure } from "#github/tell-failure.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** What GitHub says of a person who authorised the App. */
interface Confirmed {
  user: { id: number; login: string };
  installations: { installation: ToldInstallation; repositories: ListedRepository[] }[];
}

/**
 * Ties a user to those installations of the App that GitHub confirms this very person can reach. An installation's id
 * that came in an address is only compared with them; one that is not among them changes nothing at all.
 * @throws AppError forbidden, bad_request, upstream_failed
 */
export async function connectUser(
  db: Database,
  github: GitHub,
  given: { userId: string; code: string; redirectUri: string; installationId: number | null },
): Promise<void> {
  const askedAt = new Date();
  const confirmed = await asAuthorisedUser(github, given, (client) =>
    askGitHub(client).catch((error: unknown) => {
      throw tellFailure(error, "asking what you can reach");
    }),
  );
  const { installationId } = given;
  const known = confirmed.installations.map(({ installation }) => installation.id);
  if (installationId !== null && !known.includes(installationId)) {
    throw new AppError("forbidden", "GitHub does not say that you can reach this installation.", {
      details: { reason: "installation" },
    });
  }
  await inTransaction(db.pool, (client) => store(client, given.userId, confirmed, askedAt));
}

async function askGitHub(client: GitHubClient): Promise<Confirmed> {
  const { data: user } = await client.request("GET /user");
  const { rows: installations } = await listPages(
    (page) => client.request("GET /user/installations", page),
    "installations",
  );
  const reached = [];
  for (const installation of installations) {
    const route = "GET /user/installations/{installation_id}/repositories";
    const { rows: repositories } = await listPages(
      (page) => client.request(route, { ...page, installation_id: installation.id }),
      "repositories",
    );
    const writable = (repositories as ListedRepository[]).filter(
      ({ permissions }) => permissions?.push === true,
    );
    reached.push({ installation: installation as ToldInstallation, repositories: writable });
  }
  return { user: { id: Number(user.id), login: user.login }, installations: reached };
}

async function store(
  client: pg.PoolClient,
  userId: string,
  confirmed: Confirmed,
  askedAt: Date,
): Promise<void> {
  const { user, installations } = confirmed;
  // Another person's right to push is not this one's: they choose the repository anew.
  await client.query(
    `UPDATE github_repositories r SET state = 'out_of_reach', updated_at = now()
       FROM github_accounts a WHERE r.user_id = $1 AND a.user_id = $1 AND a.github_id <> $2 AND r.state = 'active'`,
    [userId, user.id],
  );
  await client.query(
    `INSERT INTO github_accounts (user_id, github_id, login) VALUES ($1, $2, $3)
     ON CONFLICT (user_id) DO UPDATE SET github_id = excluded.github_id, login = excluded.login, connected_at = now()`,
    [userId, user.id, user.login],
  );
  await client.query(
    "DELETE FROM github_installation_users WHERE user_id = $1 AND NOT installation_id = ANY($2::bigint[])",
    [userId, installations.map(({ installation }) => installation.id)],
  );
  for (const { installation, repositories } of installations) {
    await storeInstallation(client, installation, askedAt);
    await client.query(
      `INSERT INTO github_installation_users (user_id, installation_id) VALUES ($1, $2)
       ON CONFLICT (user_id, installation_id) DO UPDATE SET confirmed_at = now()`,
      [userId, installation.id],
    );
    await setOffers(client, userId, installation.id, repositories);
  }
  // Who has come back as somebody else cannot go on with a repository that only the former could reach.
  await client.query(
    `UPDATE github_repositories r SET state = 'out_of_reach', updated_at = now()
      WHERE user_id = $1 AND state = 'active' AND NOT EXISTS (
        SELECT FROM github_installation_users u WHERE u.user_id = $1 AND u.installation_id = r.installation_id)`,
    [userId],
  );
}
