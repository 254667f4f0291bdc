import type { GitHub } from "#github/app.ts";
import { canBeReached } from "#github/manifest.ts";
import type { Database } from "#platform/db.ts";

/** How the installation's App stands, for its operator. */
export interface AppState {
  /** null: there is none yet */
  source: "environment" | "made" | null;
  /** variables that are set; together they must be whole */
  set: string[];
  missing: string[];
  /** of one that was made here */
  app: { name: string; owner: string; url: string; settingsUrl: string; createdAt: string } | null;
  /** whether GitHub can send events to this address */
  reachable: boolean;
}

interface Row {
  slug: string;
  name: string;
  owner: string;
  owner_type: string;
  html_url: string;
  created_at: Date;
}

export async function readApp(db: Database, github: GitHub, appUrl: URL): Promise<AppState> {
  const set = github.credentials.set;
  const reachable = canBeReached(appUrl);
  const missing = await github.credentials.missing();
  if (set.length > 0) return { source: "environment", set, missing, app: null, reachable };
  const { rows } = await db.pool.query<Row>(
    "SELECT slug, name, owner, owner_type, html_url, created_at FROM github_app",
  );
  const [row] = rows;
  if (!row) return { source: null, set, missing, app: null, reachable };
  const app = {
    name: row.name,
    owner: row.owner,
    url: row.html_url,
    settingsUrl: `${github.webUrl}${settingsPath(row)}`,
    createdAt: row.created_at.toISOString(),
  };
  return { source: "made", set, missing, app, reachable };
}

/** An organisation's App is administered in the organisation's settings. */
function settingsPath({ owner, owner_type, slug }: Row): string {
  return owner_type === "Organization"
    ? `/organizations/${owner}/settings/apps/${slug}`
    : `/settings/apps/${slug}`;
}
