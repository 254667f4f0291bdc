import type { Database, Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { createSeal, type Seal } from "#platform/seal.ts";

/** What this installation needs to speak as its GitHub App. */
export interface AppCredentials {
  appId: number;
  /** PEM */
  privateKey: string;
  clientId: string;
  clientSecret: string;
  webhookSecret: string;
}

/** The App's variables of the environment, as far as they are set. */
export interface AppVariables {
  GITHUB_APP_ID?: string | undefined;
  GITHUB_APP_PRIVATE_KEY?: string | undefined;
  GITHUB_APP_CLIENT_ID?: string | undefined;
  GITHUB_APP_CLIENT_SECRET?: string | undefined;
  GITHUB_APP_WEBHOOK_SECRET?: string | undefined;
}

const NAMES = [
  "GITHUB_APP_ID",
  "GITHUB_APP_PRIVATE_KEY",
  "GITHUB_APP_CLIENT_ID",
  "GITHUB_APP_CLIENT_SECRET",
  "GITHUB_APP_WEBHOOK_SECRET",
] as const;

export interface CredentialSource {
  /** the variables that the environment sets */
  readonly set: string[];
  /** null: there is no App yet, or the environment names one by halves */
  read(): Promise<AppCredentials | null>;
  /** The variables that are not set; none when an App is there, wherever it comes from. */
  missing(): Promise<string[]>;
  /** Whether an App may be made here. @throws AppError conflict when the environment names one */
  requireUnset(): Promise<void>;
  /** Keeps the App that was made on GitHub, in place of the one before. @throws AppError conflict when the environment names one */
  keep(app: MadeApp): Promise<void>;
}

export interface MadeApp extends AppCredentials {
  slug: string;
  name: string;
  owner: string;
  ownerType: "User" | "Organization";
  htmlUrl: string;
  madeBy: string;
}

/**
 * The environment goes before what is stored, as a whole: an App's number with another App's key would be neither.
 * @param keySecret what stored keys are sealed with; it reaches web and runner through their environment alone
 */
export function credentialSource(db: Database, variables: AppVariables, keySecret: string): CredentialSource {
  const seal = createSeal(keySecret, "the GitHub App's keys");
  const set = NAMES.filter((name) => variables[name]);
  const unset = NAMES.filter((name) => !variables[name]);
  const isNamed = unset.length < NAMES.length;
  async function requireUnset(): Promise<void> {
    if (!isNamed) return;
    throw new AppError("conflict", `The environment names an App: ${set.join(", ")}.`);
  }
  return {
    set,
    requireUnset,
    async read() {
      if (isNamed) return unset.length === 0 ? fromEnvironment(variables as Required<AppVariables>) : null;
      return readStored(db.pool, seal);
    },
    async missing() {
      if (isNamed) return unset;
      const { rowCount } = await db.pool.query("SELECT FROM github_app");
      return rowCount === 0 ? unset : [];
    },
    async keep(app) {
      await requireUnset();
      await store(db.pool, seal, app);
    },
  };
}

function fromEnvironment(variables: Required<AppVariables>): AppCredentials {
  return {
    appId: Number(variables.GITHUB_APP_ID),
    privateKey: String(variables.GITHUB_APP_PRIVATE_KEY),
    clientId: String(variables.GITHUB_APP_CLIENT_ID),
    clientSecret: String(variables.GITHUB_APP_CLIENT_SECRET),
    webhookSecret: String(variables.GITHUB_APP_WEBHOOK_SECRET),
  };
}

interface Row {
  app_id: number;
  client_id: string;
  client_secret_sealed: string;
  private_key_sealed: string;
  webhook_secret_sealed: string;
}

async function readStored(sql: Sql, seal: Seal): Promise<AppCredentials | null> {
  const { rows } = await sql.query<Row>(
    `SELECT app_id, client_id, client_secret_sealed, private_key_sealed, webhook_secret_sealed FROM github_app`,
  );
  const [row] = rows;
  if (!row) return null;
  return {
    appId: row.app_id,
    clientId: row.client_id,
    clientSecret: await seal.open(`${row.app_id}/client secret`, row.client_secret_sealed),
    privateKey: await seal.open(`${row.app_id}/private key`, row.private_key_sealed),
    webhookSecret: await seal.open(`${row.app_id}/webhook secret`, row.webhook_secret_sealed),
  };
}

const STORE = `
INSERT INTO github_app (id, app_id, slug, name, owner, owner_type, html_url, client_id, made_by,
                        client_secret_sealed, private_key_sealed, webhook_secret_sealed)
VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET (app_id, slug, name, owner, owner_type, html_url, client_id, made_by,
                                client_secret_sealed, private_key_sealed, webhook_secret_sealed, created_at)
  = (excluded.app_id, excluded.slug, excluded.name, excluded.owner, excluded.owner_type, excluded.html_url,
     excluded.client_id, excluded.made_by, excluded.client_secret_sealed, excluded.private_key_sealed,
     excluded.webhook_secret_sealed, now())`;

async function store(sql: Sql, seal: Seal, app: MadeApp): Promise<void> {
  await sql.query(STORE, [
    app.appId,
    app.slug,
    app.name,
    app.owner,
    app.ownerType,
    app.htmlUrl,
    app.clientId,
    app.madeBy,
    await seal.close(`${app.appId}/client secret`, app.clientSecret),
    await seal.close(`${app.appId}/private key`, app.privateKey),
    await seal.close(`${app.appId}/webhook secret`, app.webhookSecret),
  ]);
}
