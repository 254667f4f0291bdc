import { Writable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import type { CodeSource } from "#imports/code-source.ts";
import { startImporter } from "#imports/importer.ts";
import { beginUpload } from "#imports/upload-row.ts";
import { inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { createLogger } from "#platform/log.ts";
import { freshDatabase } from "../../support/database.ts";
import { makeDesk, until } from "../../support/runs.ts";

test("who lost an import to another takes nothing of it away, whatever it meets then", async () => {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const { db } = database;
  const { userId, agents } = await makeDesk(db);
  const [agentId = ""] = agents;
  const upload = {
    userId,
    agentId,
    fileName: "a.zip",
    branch: null,
    key: null,
    uploadId: "u",
    fingerprint: "f",
  };
  await inTransaction(db.pool, (client) => beginUpload(client, upload));

  const done: string[] = [];
  let written = "";
  const lines = new Writable({
    write(chunk, _encoding, next) {
      written += String(chunk);
      next();
    },
  });
  const source: CodeSource = {
    async fetch() {
      // As another runner claims it once the lease of this one is over.
      await db.pool.query(
        "UPDATE code_imports SET attempts = attempts + 1, lease_until = now() + interval '1 h' WHERE agent_id = $1",
        [agentId],
      );
      throw new AppError("conflict", "What was unpacked is gone.");
    },
    clear: async () => void done.push("cleared"),
    failure: "It failed.",
  };
  const importer = await startImporter({
    db,
    databaseUrl: database.url,
    runnerId: "r",
    sources: { repository: source, upload: source },
    log: createLogger("test", "warn", lines),
    isEmpty: async () => true,
    restore: async () => void done.push("put in place"),
    takeBack: async () => void done.push("taken back"),
    sweep: async () => void done.push("swept"),
    onDone: async () => void done.push("told"),
  });
  onTestFinished(() => importer.stop());
  const attempts = async () =>
    (await db.pool.query("SELECT state, attempts FROM code_imports WHERE agent_id = $1", [agentId])).rows[0];
  // From here on it has its way without a look at whether it shall stop, and is waited for.
  await until("the failure", async () => written.includes("could not import"));
  await importer.stop();
  expect(done).toEqual([]);
  expect(await attempts()).toEqual({ state: "importing", attempts: 2 });
});
