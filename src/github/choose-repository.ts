import type { GitHub, InstallationClient, RepositoryRef } from "#github/app.ts";
import { makeFirstCommit } from "#github/first-commit.ts";
import { mayPush } from "#github/may-push.ts";
import type { GitHubClient } from "#github/octokit.ts";
import { gitHubStatus, tellFailure } from "#github/tell-failure.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

interface Choice {
  userId: string;
  owner: string;
  name: string;
}

interface Reach {
  installationId: number;
  githubId: number;
  login: string;
}

/** What GitHub says of the repository that is to be chosen. */
interface Found {
  id: number;
  owner: string;
  name: string;
  defaultBranch: string;
  isPrivate: boolean;
  archived: boolean;
}

/**
 * Makes a repository the user's own one, after GitHub has said, now, that it is among the installation's and that this
 * person may push to it. An empty one gets its first commit.
 * @throws AppError not_found for everything that the user cannot reach, conflict for what cannot be worked with
 */
export async function chooseRepository(db: Database, github: GitHub, choice: Choice): Promise<void> {
  const reach = await findReach(db, choice);
  const found = await github
    .inInstallation(reach.installationId, ({ octokit }) => findRepository(octokit, choice))
    .catch((error: unknown) => {
      throw tellFailure(error, "looking for the repository");
    });
  if (found === null) throw nothingThere(choice);
  const ref = { installationId: reach.installationId, repositoryId: found.id };
  await confirm(github, ref, found, reach, choice);
  await github
    .inRepository(ref, { contents: "write", metadata: "read" }, (client) => prepare(client, found))
    .catch((error: unknown) => {
      throw tellFailure(error, "preparing the repository");
    });
  await keep(db, choice.userId, ref, found);
}

async function findReach(db: Database, choice: Choice): Promise<Reach> {
  const { rows } = await db.pool.query<Reach>(
    `SELECT i.id AS "installationId", a.github_id AS "githubId", a.login
       FROM github_installation_users u JOIN github_installations i ON i.id = u.installation_id
       JOIN github_accounts a ON a.user_id = u.user_id
      WHERE u.user_id = $1 AND lower(i.account_login) = lower($2) AND i.status = 'active'`,
    [choice.userId, choice.owner],
  );
  if (!rows[0]) throw nothingThere(choice);
  return rows[0];
}

async function findRepository(octokit: GitHubClient, { owner, name }: Choice): Promise<Found | null> {
  try {
    const { data } = await octokit.request("GET /repos/{owner}/{repo}", { owner, repo: name });
    return {
      id: Number(data.id),
      owner: data.owner.login,
      name: data.name,
      defaultBranch: data.default_branch,
      isPrivate: data.private,
      archived: data.archived,
    };
  } catch (error) {
    if (gitHubStatus(error) === 404) return null;
    throw error;
  }
}

/** A token of just this repository is given only when it is among the installation's; a public one of others is not. */
async function confirm(
  github: GitHub,
  ref: RepositoryRef,
  found: Found,
  reach: Reach,
  choice: Choice,
): Promise<void> {
  const isOpen = await github.inRepository(ref, { metadata: "read" }, ({ octokit }) =>
    mayPush(octokit, found.owner, found.name, reach),
  );
  if (!isOpen) throw nothingThere(choice);
  if (found.archived) {
    throw new AppError("conflict", `${found.owner}/${found.name} is archived: nothing can be pushed to it.`);
  }
}

async function prepare(
  { octokit }: InstallationClient,
  { owner, name, defaultBranch }: Found,
): Promise<void> {
  await makeFirstCommit(octokit, { owner, repo: name, branch: defaultBranch });
}

async function keep(db: Database, userId: string, ref: RepositoryRef, found: Found): Promise<void> {
  await db.pool.query(
    `INSERT INTO github_repositories (user_id, installation_id, repository_id, owner, name, default_branch, private)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (user_id) DO UPDATE SET (installation_id, repository_id, owner, name, default_branch, private,
                                          state, chosen_at, updated_at)
       = (excluded.installation_id, excluded.repository_id, excluded.owner, excluded.name, excluded.default_branch,
          excluded.private, 'active', now(), now())`,
    [
      userId,
      ref.installationId,
      ref.repositoryId,
      found.owner,
      found.name,
      found.defaultBranch,
      found.isPrivate,
    ],
  );
}

function nothingThere({ owner, name }: Choice): AppError {
  return new AppError(
    "not_found",
    `There is no ${owner}/${name} among the repositories that the App was given and that you may push to.`,
  );
}
