import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDatabase } from "#platform/db.ts";
import { startEmbeddedPostgres } from "#platform/embedded-postgres.ts";
import { migrate } from "#platform/migrate.ts";
import type { TestDatabase } from "./database.ts";

export interface OwnPostgres {
  database: TestDatabase;
  /** kill -9 of the server, and waits until it is gone */
  kill(): Promise<void>;
  /** starts it again, with its recovery */
  restart(): Promise<void>;
}

/** A PostgreSQL that a test may kill: nothing but its own stack is disturbed. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const home = await mkdtemp(path.join(tmpdir(), "carrel-own-"));
  const start = () => startEmbeddedPostgres({ home, password: "tests" });
  let server = await start();
  await migrate(server.url);
  const db = openDatabase(server.url, { max: 10, application: "carrel-test" });
  return {
    database: {
      url: server.url,
      db,
      async drop() {
        await db.close();
        await server.stop();
        await rm(home, { recursive: true, force: true });
      },
    },
    async kill() {
      process.kill(server.pid, "SIGKILL");
      await server.exited;
    },
    async restart() {
      server = await start();
    },
  };
}
