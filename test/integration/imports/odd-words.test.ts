import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import type { CodeSource } from "#imports/code-source.ts";
import { startImporter } from "#imports/importer.ts";
import { readImport } from "#imports/read-import.ts";
import { beginUpload } from "#imports/upload-row.ts";
import { uploadSource } from "#imports/upload-source.ts";
import { inTransaction } from "#platform/db.ts";
import { createLogger } from "#platform/log.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import { freshDatabase } from "../../support/database.ts";
import { makeDesk, until } from "../../support/runs.ts";

// What PostgreSQL takes for no text: its own terminator, and half of a pair.
const ODD = "a\u0000b\ud800";
const STORED = "a\ufffdb\ufffd";

/** Imports one upload out of a workspace that answers like this, and says how that ended. */
async function importFrom(answers: { verdict: object; list?: object }) {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const { db } = database;
  const { userId, agents } = await makeDesk(db);
  const [agentId = ""] = agents;
  const given = { userId, agentId, fileName: "a.zip", branch: null, key: null };
  const upload = { ...given, uploadId: "u", fingerprint: "f" };
  await inTransaction(db.pool, (client) => beginUpload(client, upload));
  const stdout = JSON.stringify(answers.verdict);
  const lying = {
    exec: async () => ({ stdout, stderr: "", exitCode: 0, timedOut: false, outOfMemory: false }),
    readStream: async () => ({
      content: Readable.from([Buffer.from(JSON.stringify(answers.list))]),
      size: 2,
    }),
    read: async () => Buffer.from("content"),
    list: async () => [],
    remove: async () => undefined,
  };
  const workspace = { languages: { python: "3" }, agent: () => lying } as unknown as Workspace;
  const source = uploadSource({ db, openWorkspace: async () => workspace });
  const importer = await startImporter({
    db,
    databaseUrl: database.url,
    runnerId: "r",
    sources: { repository: {} as CodeSource<never>, upload: source },
    log: createLogger("test", "silent"),
    isEmpty: async () => true,
    restore: async () => undefined,
    takeBack: async () => undefined,
    sweep: async () => undefined,
    onDone: async () => undefined,
  });
  onTestFinished(() => importer.stop());
  const row = async () =>
    (await db.pool.query("SELECT state, attempts FROM code_imports WHERE agent_id = $1", [agentId])).rows[0];
  // One that could not be written down is claimed again.
  await until("an end, or a second try", async () => {
    const { state, attempts } = await row();
    return ["done", "failed"].includes(state) || attempts > 1;
  });
  return { ...(await readImport(db, userId, agentId)), ...(await row()) };
}

test("an entry whose name is no text is told at once, and not tried again and again", async () => {
  expect(await importFrom({ verdict: { refused: "name", at: ODD } })).toMatchObject({
    state: "failed",
    attempts: 1,
    reason: "name",
    entry: STORED,
    error: expect.stringContaining(STORED),
  });
});

test("a branch or a name that was left out and is no text does not keep the rest from coming", async () => {
  const files = [{ path: "a.txt", executable: false }];
  const skipped = [{ path: ODD, reason: "link" }];
  const list = { branch: ODD, commit: null, files, skipped };
  expect(await importFrom({ verdict: { files: 1 }, list })).toMatchObject({
    state: "done",
    attempts: 1,
    branch: STORED,
    skipped: [{ path: STORED, reason: "link" }],
  });
});
