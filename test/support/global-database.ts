import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "#platform/embedded-postgres.ts";
import { migrate } from "#platform/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    databaseServer: string;
    /** for what is made once for all tests; gone when they are over */
    sharedDirectory: string;
  }
}

/** Every test's database is a copy of this one. */
export const TEMPLATE = "carrel_template";

/** One PostgreSQL for the whole run of vitest, with the migrated template in it. */
export default async function startDatabaseServer(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(path.join(tmpdir(), "carrel-test-"));
  const server = await startEmbeddedPostgres({
    home,
    password: "tests",
    // Only our own processes are killed in tests, never the machine: what the kernel holds is safe.
    settings: { fsync: "off", full_page_writes: "off", max_connections: "400", shared_buffers: "256MB" },
  });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const template = new URL(server.url);
  template.pathname = `/${TEMPLATE}`;
  await migrate(template.href);
  project.provide("databaseServer", server.url);
  project.provide("sharedDirectory", home);
  return async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
}
