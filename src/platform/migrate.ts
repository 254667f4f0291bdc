import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { sha256 } from "#platform/crypto.ts";
import { AppError } from "#platform/errors.ts";

const OWN_MIGRATIONS = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

/** The key under which `prisma migrate deploy` takes its lock, so that the two never run at once either. */
const LOCK_KEY = 72707369;

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/**
 * Applies the migrations that the database does not have yet, in the order of their names, each in a transaction of
 * its own: one that fails or is interrupted leaves nothing behind. The table is `prisma migrate deploy`'s. Safe when
 * several processes start at once: the first works, the others wait for it.
 *
 * @returns the names applied by this call
 * @throws AppError unavailable when the database does not answer; conflict when a migration failed or was edited
 */
export async function migrate(url: string, dir: string = OWN_MIGRATIONS): Promise<string[]> {
  const migrations = await readMigrations(dir);
  const client = new pg.Client({ connectionString: url, application_name: "carrel-migrate" });
  try {
    await client.connect();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new AppError("unavailable", `PostgreSQL does not answer (${reason}): check DATABASE_URL`, {
      cause,
    });
  }
  try {
    await client.query("SELECT pg_advisory_lock($1)", [LOCK_KEY]);
    return await applyMissing(client, migrations);
  } finally {
    // Ending the session releases the lock.
    await client.end();
  }
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(dir, name, "migration.sql"), "utf8");
      return { name, sql, checksum: sha256(sql) };
    }),
  );
}

async function applyMissing(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  await client.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0)`);
  const { rows } = await client.query<{ name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const known = new Map(rows.map((row) => [row.name, row]));
  const applied: string[] = [];
  for (const migration of migrations) {
    const row = known.get(migration.name);
    if (row === undefined) {
      await apply(client, migration);
      applied.push(migration.name);
      continue;
    }
    if (!row.finished) {
      throw new AppError(
        "conflict",
        `Migration ${migration.name} was begun by another tool and not finished: mend it with \`prisma migrate resolve\``,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new AppError(
        "conflict",
        `Migration ${migration.name} was edited after it was applied: restore the file and add a new migration instead`,
      );
    }
  }
  return applied;
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query("BEGIN");
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (cause) {
    // The session ends next and takes the open transaction with it.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("conflict", `Migration ${name} failed and changed nothing: ${reason}`, { cause });
  }
}
