import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase } from "#platform/db.ts";

export interface TestDatabase {
  /** for processes that open it themselves */
  url: string;
  /** open already, with up to 10 connections */
  db: Database;
  /** closes `db` and removes the database, whoever is still connected to it */
  drop(): Promise<void>;
}

/** A migrated, empty database of its own, in the PostgreSQL that vitest's global setup started. */
export async function freshDatabase(): Promise<TestDatabase> {
  const { url, drop } = await createDatabase({ migrated: true });
  const db = openDatabase(url, { max: 10, application: "carrel-test" });
  return {
    url,
    db,
    async drop() {
      // The pool says it has ended before its connections have; dropping the database ends those that are left.
      db.pool.on("error", () => undefined);
      await db.close();
      await drop();
    },
  };
}

/** A database without any table: for what makes the tables itself. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return createDatabase({ migrated: false });
}

async function createDatabase(options: {
  migrated: boolean;
}): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject("databaseServer");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onServer(
    server,
    `CREATE DATABASE ${name} TEMPLATE ${options.migrated ? "carrel_template" : "template0"}`,
  );
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
