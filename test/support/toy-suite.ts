import { afterEach, beforeEach } from "vitest";
import type { Database } from "#platform/db.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";
import { startToyRunner, stopToyRunners, type ToyOptions, type ToyRunner } from "./toy-runners.ts";

export interface ToySuite {
  /** of the test that runs */
  db: Database;
  /** Stopped when the test is over, frozen or not. */
  start(options?: ToyOptions): ToyRunner;
}

/** For a file of tests: toy runners on a database that each test has for itself, as they claim whatever is there. */
export function toySuite(): ToySuite {
  let database: TestDatabase;
  let runners: ToyRunner[] = [];
  const suite = {
    start(options) {
      const runner = startToyRunner(database.url, options);
      runners.push(runner);
      return runner;
    },
  } as ToySuite;

  beforeEach(async () => {
    database = await freshDatabase();
    suite.db = database.db;
  });

  afterEach(async () => {
    await stopToyRunners(runners);
    runners = [];
    await database.drop();
  });

  return suite;
}
