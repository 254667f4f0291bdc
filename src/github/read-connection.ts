import type { GitHub } from "#github/app.ts";
import type { Database } from "#platform/db.ts";

export interface ConnectedInstallation {
  id: number;
  account: string;
  status: "active" | "suspended" | "removed";
  /** GitHub's page on which it is given repositories, or taken away */
  manageUrl: string;
}

export interface ChosenRepository {
  owner: string;
  name: string;
  defaultBranch: string;
  private: boolean;
  url: string;
  /** what stands in the way; active: nothing */
  state: "active" | "suspended" | "removed" | "deleted" | "out_of_reach";
}

export interface Connection {
  configured: boolean;
  missing: string[];
  /** the user's name on GitHub */
  account: string | null;
  /** the chosen repository's, else the first */
  installation: ConnectedInstallation | null;
  installations: ConnectedInstallation[];
  repository: ChosenRepository | null;
  createUrl: string | null;
}

interface InstallationRow {
  id: number;
  account: string;
  type: string;
  status: ConnectedInstallation["status"];
}

interface RepositoryRow {
  installationId: number;
  owner: string;
  name: string;
  defaultBranch: string;
  private: boolean;
  state: ChosenRepository["state"];
  status: ConnectedInstallation["status"];
}

/** How a user stands with GitHub, as far as is known here. GitHub is not asked. */
export async function readConnection(db: Database, github: GitHub, userId: string): Promise<Connection> {
  const missing = await github.credentials.missing();
  const [account, installations, repository] = await Promise.all([
    readAccount(db, userId),
    readInstallations(db, github, userId),
    readRepository(db, userId),
  ]);
  const live = installations.filter(({ status }) => status !== "removed");
  const own = installations.find(({ id }) => id === repository?.installationId);
  const installation = own ?? live[0] ?? installations[0] ?? null;
  return {
    configured: missing.length === 0,
    missing,
    account,
    installation,
    installations,
    repository: repository && toRepository(github, repository),
    createUrl: installation?.status === "active" ? createUrl(github.webUrl, installation.account) : null,
  };
}

/** GitHub's page for a new repository, filled in: an App cannot make one in a person's name. */
function createUrl(webUrl: string, owner: string): string {
  const url = new URL(`${webUrl}/new`);
  url.search = new URLSearchParams({
    owner,
    name: "carrel",
    visibility: "private",
    description: "Versions of what agents made",
  }).toString();
  return url.href;
}

async function readAccount(db: Database, userId: string): Promise<string | null> {
  const { rows } = await db.pool.query<{ login: string }>(
    "SELECT login FROM github_accounts WHERE user_id = $1",
    [userId],
  );
  return rows[0]?.login ?? null;
}

async function readInstallations(
  db: Database,
  github: GitHub,
  userId: string,
): Promise<ConnectedInstallation[]> {
  const { rows } = await db.pool.query<InstallationRow>(
    `SELECT i.id, i.account_login AS account, i.account_type AS type, i.status
       FROM github_installation_users u JOIN github_installations i ON i.id = u.installation_id
      WHERE u.user_id = $1 ORDER BY (i.status = 'active') DESC, u.confirmed_at, i.id`,
    [userId],
  );
  return rows.map(({ id, account, type, status }) => {
    const place = type === "Organization" ? `/organizations/${account}/settings` : "/settings";
    return { id, account, status, manageUrl: `${github.webUrl}${place}/installations/${id}` };
  });
}

async function readRepository(db: Database, userId: string): Promise<RepositoryRow | null> {
  const { rows } = await db.pool.query<RepositoryRow>(
    `SELECT r.installation_id AS "installationId", r.owner, r.name, r.default_branch AS "defaultBranch", r.private,
            r.state, i.status
       FROM github_repositories r JOIN github_installations i ON i.id = r.installation_id WHERE r.user_id = $1`,
    [userId],
  );
  return rows[0] ?? null;
}

function toRepository(github: GitHub, row: RepositoryRow): ChosenRepository {
  const { owner, name, defaultBranch, state, status } = row;
  return {
    owner,
    name,
    defaultBranch,
    private: row.private,
    url: `${github.webUrl}/${owner}/${name}`,
    state: state === "active" ? status : state,
  };
}
