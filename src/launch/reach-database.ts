import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { endOrphans } from "#launch/end-orphans.ts";
import { type HeldHome, type Holder, holdHome, readHolder } from "#launch/hold-home.ts";
import { keepSecrets, readSecrets } from "#launch/keep-secrets.ts";
import { type Database, openDatabase } from "#platform/db.ts";
import { embeddedPostgresUrl, startEmbeddedPostgres } from "#platform/embedded-postgres.ts";
import type { StartEnv } from "#platform/env.ts";
import { AppError, isAppError } from "#platform/errors.ts";
import { migrate } from "#platform/migrate.ts";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));

/** So long a start or a stop that is on its way may take before its database answers, or its data are free. */
const PATIENCE_MS = 60_000;

/** The class of PostgreSQL's codes for a server that stops, or that is not up yet. */
const OPERATOR_INTERVENTION = "57P";

/** Where the data of an embedded installation are. */
export function homeOf(env: StartEnv): string {
  return path.resolve(CHECKOUT, env.CARREL_HOME ?? ".carrel");
}

/**
 * Works on the database of this installation, whether Carrel runs or not: the one that DATABASE_URL names, the
 * embedded one of the Carrel that runs, or else the embedded one, started for the moment.
 */
export async function withDatabase<T>(
  env: StartEnv,
  work: (db: Database, running: Holder | null) => Promise<T>,
): Promise<T> {
  if (env.DATABASE_URL !== undefined) {
    await migrate(env.DATABASE_URL);
    return withOpen(env.DATABASE_URL, (db) => work(db, null));
  }
  const dir = homeOf(env);
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const home = await holdHome(dir).catch((error: unknown) => {
      if (isAppError(error) && error.code === "conflict") return null;
      throw error;
    });
    if (home !== null) return withOwnServer(home, work);
    const running = await readHolder(dir);
    // A holder without an address is another command: its server ends with it, and cuts whoever else is connected.
    const url = running?.url ? await runningServer(dir) : null;
    if (url !== null) return withOpen(url, (db) => work(db, running));
    if (Date.now() > end)
      throw new AppError("unavailable", `Whoever holds ${dir} offers no database: stop it first`);
    await sleep(200);
  }
}

/** The address of the server that the holder of `dir` runs, or null while it is not there yet, or not any more. */
async function runningServer(dir: string): Promise<string | null> {
  const secrets = await readSecrets(dir);
  if (secrets === null) return null;
  const url = await embeddedPostgresUrl(dir, secrets.POSTGRES_PASSWORD);
  try {
    await migrate(url);
    return url;
  } catch (error) {
    const stopping = error instanceof pg.DatabaseError && error.code?.startsWith(OPERATOR_INTERVENTION);
    if (stopping || (isAppError(error) && error.code === "unavailable")) return null;
    throw error;
  }
}

async function withOwnServer<T>(
  home: HeldHome,
  work: (db: Database, running: null) => Promise<T>,
): Promise<T> {
  try {
    await home.note({ command: "npm run carrel", url: null, parts: home.previous?.parts ?? [] });
    await endOrphans(home.previous, (text) => console.error(text));
    const { POSTGRES_PASSWORD } = await keepSecrets(home.dir);
    const server = await startEmbeddedPostgres({ home: home.dir, password: POSTGRES_PASSWORD });
    try {
      await migrate(server.url);
      return await withOpen(server.url, (db) => work(db, null));
    } finally {
      await server.stop();
    }
  } finally {
    await home.release();
  }
}

async function withOpen<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(url, { max: 2, application: "carrel-cli" });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
