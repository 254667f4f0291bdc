import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImporterOptions, startImporter } from "#imports/importer.ts";
import { readImport } from "#imports/read-import.ts";
import { requestUpload } from "#imports/request-upload.ts";
import { takeBack } from "#imports/take-back.ts";
import { AppError } from "#platform/errors.ts";
import { createLogger } from "#platform/log.ts";
import { storeBlob, storeTree } from "#snapshots/store-tree.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { makeDesk } from "../../support/runs.ts";

let database: TestDatabase;
let home: string;

beforeAll(async () => {
  database = await freshDatabase();
  home = await mkdtemp(path.join(tmpdir(), "carrel-whole-"));
});

afterAll(async () => {
  await database?.drop();
  if (home) await rm(home, { recursive: true, force: true });
});

const remove = (name: string) => rm(path.join(home, name), { recursive: true, force: true });

/** An importer whose directory is a plain one, and into which nothing fits any more after the first file. */
function start(options: Pick<ImporterOptions, "restore">) {
  const { db, url } = database;
  return startImporter({
    db,
    databaseUrl: url,
    runnerId: "runner",
    log: createLogger("test", "silent"),
    sources: {
      repository: { fetch: () => Promise.reject(new Error("not asked")), clear: async () => {}, failure: "" },
      upload: {
        fetch: async ({ userId }) => {
          const hash = await storeBlob(db, userId, Buffer.from("a"));
          const entries = ["src/a", "b"].map((name) => ({
            path: name,
            mode: "100644" as const,
            hash,
            size: 1,
          }));
          return (await storeTree(db, userId, entries)).treeHash;
        },
        clear: () => remove(".carrel"),
        failure: "It could not be unpacked.",
      },
    },
    isEmpty: async () => (await readdir(home)).every((name) => name === ".carrel"),
    takeBack: (userId, _agentId, treeHash) => takeBack(db, userId, treeHash, { remove }),
    sweep: async () => undefined,
    onDone: async () => undefined,
    ...options,
  });
}

test("a tree that does not fit is taken away again, and only that", async () => {
  const { db } = database;
  const { userId, agents } = await makeDesk(db);
  const agentId = agents[0] as string;
  const workspaces = {
    listFiles: async () => [],
    removeFile: async () => undefined,
    async writeFile(_user: string, _agent: string, name: string, body: AsyncIterable<Uint8Array>) {
      await mkdir(path.dirname(path.join(home, name)), { recursive: true });
      await writeFile(path.join(home, name), body);
      return undefined;
    },
  };
  const upload = { userId, agentId, fileName: "a.zip", branch: null, key: null };
  const body = new Blob(["bytes"]).stream();
  await requestUpload(
    { db, workspaces, log: createLogger("test", "silent") },
    upload,
    body,
    new AbortController().signal,
  );
  const importer = await start({
    async restore() {
      await mkdir(path.join(home, "src"));
      await writeFile(path.join(home, "src/a"), "a");
      // A person's own, that came meanwhile.
      await writeFile(path.join(home, "mine.txt"), "mine");
      throw new AppError("limit_reached", "The disk is full.");
    },
  });
  const read = () => readImport(db, userId, agentId);
  await expect.poll(async () => (await read())?.state, { timeout: 60_000 }).toBe("failed");
  await importer.stop();
  expect(await read()).toMatchObject({ code: "limit_reached", error: "The disk is full." });
  expect(await readdir(home)).toEqual(["mine.txt"]);
});
