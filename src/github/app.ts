import { App } from "@octokit/app";
import {
  type AppCredentials,
  type AppVariables,
  type CredentialSource,
  credentialSource,
} from "#github/credentials.ts";
import {
  type ClientOptions,
  clientClass,
  clientWithToken,
  type GitHubClient,
  revokeToken,
} from "#github/octokit.ts";
import { gitHubStatus, patienceAskedFor, tellFailure } from "#github/tell-failure.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";

export interface GitHubOptions {
  db: Database;
  log: Logger;
  apiUrl: string;
  webUrl: string;
  variables: AppVariables;
  /** what the stored App's keys are sealed with */
  keySecret: string;
}

/** One repository, as GitHub names it: numbers outlive renaming. */
export interface RepositoryRef {
  installationId: number;
  repositoryId: number;
}

/** What the App itself may do at most, and what a token asks for. */
export interface Permissions {
  contents?: "read" | "write";
  pull_requests?: "read" | "write";
  checks?: "read";
  issues?: "read";
  metadata?: "read";
  workflows?: "write";
}

export interface InstallationClient {
  octokit: GitHubClient;
  /** for git over HTTPS as `x-access-token`; never for a workspace, a log or a disk */
  token: string;
}

export interface GitHub {
  readonly apiUrl: string;
  readonly webUrl: string;
  readonly log: Logger;
  readonly credentials: CredentialSource;
  /** @throws AppError unavailable when there is no App */
  requireCredentials(): Promise<AppCredentials>;
  /** Speaks as the App itself. @throws AppError unavailable when there is no App */
  asApp(): Promise<GitHubClient>;
  /** The App's name in addresses. */
  slug(): Promise<string>;
  /** Speaks as a user who authorised the App. */
  asUser(token: string): GitHubClient;
  /** Speaks as nobody. */
  asNobody(): GitHubClient;
  /**
   * Gives `work` a client that can do just this in just this repository. Its token lives as long as `work` and in this
   * process's memory alone: it is revoked at the end, whatever happened.
   * @throws AppError unavailable (no App), conflict (the installation is gone, suspended, or lacks repository or right)
   */
  inRepository<T>(
    repository: RepositoryRef,
    permissions: Permissions,
    work: (client: InstallationClient) => Promise<T>,
  ): Promise<T>;
  /** The same for an installation as a whole: only to see which repositories it has. */
  inInstallation<T>(installationId: number, work: (client: InstallationClient) => Promise<T>): Promise<T>;
}

/** The one way to GitHub, for web and for runner. It holds no state: who asks later, asks the rows. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { apiUrl, log } = options;
  const webUrl = options.webUrl.replace(/\/$/, "");
  const credentials = credentialSource(options.db, options.variables, options.keySecret);
  const clientOptions = (queue: string): ClientOptions => ({ apiUrl, log, queue });

  async function requireCredentials(): Promise<AppCredentials> {
    const found = await credentials.read();
    if (found) return found;
    const missing = await credentials.missing();
    throw new AppError("unavailable", `There is no GitHub App: set ${missing.join(", ")}, or make one.`, {
      details: { missing },
    });
  }

  async function asApp(): Promise<GitHubClient> {
    const { appId, privateKey } = await requireCredentials();
    return new App({ appId, privateKey, Octokit: clientClass(clientOptions(`app-${appId}`)) }).octokit;
  }

  async function withToken<T>(
    installationId: number,
    scope: { repository_ids?: number[]; permissions: Permissions },
    work: (client: InstallationClient) => Promise<T>,
  ): Promise<T> {
    const app = await asApp();
    const token = await issueToken(app, installationId, scope);
    const octokit = clientWithToken(clientOptions(`installation-${installationId}`), token);
    try {
      return await work({ octokit, token });
    } finally {
      // It ends by itself within the hour: a revocation that fails is worth a line, not the work's result.
      await revokeToken(clientOptions("revocations"), token).catch((error: unknown) => {
        log.warn({ err: error, installationId }, "could not revoke an installation's token");
      });
    }
  }

  return {
    apiUrl,
    webUrl,
    log,
    credentials,
    requireCredentials,
    asApp,
    async slug() {
      const app = await asApp();
      const { data } = await app.request("GET /app").catch((error: unknown) => {
        throw tellFailure(error, "asking for the App's name");
      });
      return data?.slug ?? "";
    },
    asUser: (token) => clientWithToken(clientOptions("user"), token),
    asNobody: () => new (clientClass(clientOptions("nobody")))(),
    inRepository: ({ installationId, repositoryId }, permissions, work) =>
      withToken(installationId, { repository_ids: [repositoryId], permissions }, work),
    inInstallation: (installationId, work) =>
      withToken(installationId, { permissions: { metadata: "read" } }, work),
  };
}

async function issueToken(
  app: GitHubClient,
  installationId: number,
  scope: { repository_ids?: number[]; permissions: Permissions },
): Promise<string> {
  try {
    const { data } = await app.request("POST /app/installations/{installation_id}/access_tokens", {
      installation_id: installationId,
      ...scope,
    });
    return data.token;
  } catch (error) {
    throw refusedToken(error);
  }
}

/** GitHub refuses a token to an installation that is suspended (403), gone (404) or lacks what was asked for (422). */
function refusedToken(error: unknown): AppError {
  const status = patienceAskedFor(error) === null ? gitHubStatus(error) : null;
  const because = (reason: string, message: string) =>
    new AppError("conflict", message, { cause: error, details: { reason } });
  if (status === 401) {
    return new AppError("unavailable", "GitHub does not accept the App's key. The operator must renew it.", {
      cause: error,
    });
  }
  if (status === 403) return because("suspended", "The App is suspended on GitHub for this account.");
  if (status === 404) return because("removed", "The App is no longer installed on GitHub for this account.");
  if (status === 422) {
    return because(
      "out_of_reach",
      "The App cannot reach this repository, or has not been granted what it takes.",
    );
  }
  return tellFailure(error, "asking for access to the repository");
}
