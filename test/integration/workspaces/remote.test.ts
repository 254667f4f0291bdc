import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { request } from "undici";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { captureTree } from "#snapshots/capture-tree.ts";
import { createRemoteWorkspaces, type RemoteWorkspaces } from "#workspaces/remote.ts";
import type { Snippet } from "#workspaces/run-snippet.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { newUser, SECRET, startRunner, workspaceHome } from "./local-desk.ts";

let database: TestDatabase;
let remote: RemoteWorkspaces;
beforeAll(async () => {
  database = await freshDatabase();
  remote = createRemoteWorkspaces({ db: database.db, secret: SECRET });
});
afterAll(() => database.drop());

const bytesOf = async function* (...parts: (string | Buffer)[]) {
  for (const part of parts) yield Buffer.from(part);
};

async function write(userId: string, agentId: string, path: string, content: string | Buffer): Promise<void> {
  await remote.writeFile(userId, agentId, path, bytesOf(content));
}
const read = async (userId: string, agentId: string, path: string) =>
  text((await remote.readFile(userId, agentId, path)).body);

test("web reads, writes, lists, removes and runs in a workspace through its runner", async () => {
  await startRunner(database.db, await workspaceHome());
  const [userId, agentId] = [await newUser(database.db), newId()];
  expect(await remote.read(userId)).toMatchObject({ state: "absent", gauges: null, driver: "local" });

  await write(userId, agentId, "src/thing.py", "def name():\n    return 'thing'\n");
  expect(await read(userId, agentId, "src/thing.py")).toContain("thing");
  expect((await remote.listFiles(userId, agentId, "src")).map(({ path }) => path)).toEqual(["src/thing.py"]);
  const large = randomBytes(3_000_000);
  await remote.writeFile(userId, agentId, "large", bytesOf(large, large));
  expect((await remote.readFile(userId, agentId, "large")).size).toBe(6_000_000);
  await remote.removeFile(userId, agentId, "large");
  await expect(remote.readFile(userId, agentId, "large")).rejects.toMatchObject({ code: "not_found" });
  await expect(write(userId, agentId, "../x", "")).rejects.toMatchObject({ code: "bad_request" });

  const up = await remote.read(userId);
  expect(up).toMatchObject({
    state: "running",
    error: null,
    languages: { javascript: process.versions.node },
  });
  expect(up.gauges?.diskBytes).toBeGreaterThan(0);
  expect(up.limits.enforced.length).toBeGreaterThan(3);

  await remote.stop(userId);
  expect(await remote.read(userId)).toMatchObject({ state: "stopped", gauges: null });
  expect(await read(userId, agentId, "src/thing.py")).toContain("thing");
  await remote.restart(userId);
  await remote.removeAgent(userId, agentId);
  expect(await remote.listFiles(userId, agentId, "")).toEqual([]);
  await remote.destroy(userId);
  expect(await remote.read(userId)).toMatchObject({ state: "absent" });
});

test.each<[Snippet["language"], string, string]>([
  ["javascript", "const { word } = require('./word.cjs'); console.log(word, 2 ** 10)", "given 1024\n"],
  ["javascript", "import { word } from './word.mjs'; console.log(word, await 7)", "given 7\n"],
  ["typescript", "import { word } from './word.mjs'; const n: number = 5; console.log(word, n)", "given 5\n"],
  ["python", "import word, sys\nprint(word.word, sys.argv[1:], repr(sys.stdin.read()))", "given [] ''\n"],
  ["bash", "read line || echo no input; cat word.txt; echo $((6 * 7))", "no input\ngiven\n42\n"],
])("a snippet of %s sees the agent's own files and leaves none: %s", async (language, code, stdout) => {
  await startRunner(database.db, await workspaceHome());
  const [userId, agentId] = [await newUser(database.db), newId()];
  const files = {
    "word.cjs": "exports.word = 'given'",
    "word.mjs": "export const word = 'given'",
    "word.py": "word = 'given'\n",
    "word.txt": "given\n",
  };
  for (const [path, content] of Object.entries(files)) await write(userId, agentId, path, content);
  const result = await remote.exec(userId, agentId, { language, code });
  expect(result).toMatchObject({
    exitCode: 0,
    stdout,
    timedOut: false,
    outOfMemory: false,
    truncated: false,
  });
  const left = (await remote.listFiles(userId, agentId, "")).map(({ path }) => path);
  expect(left).toEqual(Object.keys(files).sort());
});

test("a snippet's failure, its time limit and the limit of three at once are answers", async () => {
  const { workspaces } = await startRunner(database.db, await workspaceHome());
  const [userId, agentId] = [await newUser(database.db), newId()];
  const python = await remote.exec(userId, agentId, { language: "python", code: "import sys; sys.exit(3)" });
  expect(python).toMatchObject({ exitCode: 3 });
  const endless = { language: "javascript", code: "for (;;) {}", timeoutMs: 300 } as const;
  expect(await remote.exec(userId, agentId, endless)).toMatchObject({ timedOut: true, exitCode: null });
  const directory = (await workspaces.open(userId)).agent(agentId);
  const wait = (name: number) => `touch begun-${name}; until [ -e go ]; do sleep 0.05; done`;
  const three = [1, 2, 3].map((name) => remote.exec(userId, agentId, { language: "bash", code: wait(name) }));
  await expect.poll(async () => (await directory.list()).length, { timeout: 15_000 }).toBe(3);
  const fourth = remote.exec(userId, agentId, { language: "bash", code: "true" });
  await expect(fourth).rejects.toMatchObject({ code: "rate_limited" });
  await directory.write("go", "");
  for (const result of await Promise.all(three)) expect(result.exitCode).toBe(0);
});

test("a snippet whose asker goes away is ended and makes room", async () => {
  await startRunner(database.db, await workspaceHome());
  const [userId, agentId] = [await newUser(database.db), newId()];
  const asker = new AbortController();
  const code = "echo $$ > begun; sleep 300";
  const asked = [1, 2, 3].map(() => remote.exec(userId, agentId, { language: "bash", code }, asker.signal));
  const names = async () => (await remote.listFiles(userId, agentId, "")).map(({ path }) => path);
  await expect.poll(names, { timeout: 10_000 }).toContain("begun");
  asker.abort();
  for (const each of await Promise.allSettled(asked)) expect(each.status).toBe("rejected");
  const sleepers = async () => {
    const looked = remote.exec(userId, agentId, { language: "bash", code: "pgrep -c sleep" });
    return looked.then(
      ({ stdout }) => stdout,
      (error: { code: string }) => error.code,
    );
  };
  await expect.poll(sleepers, { timeout: 10_000 }).toBe("0\n");
});

test("a language that is not there is refused by naming what is", async () => {
  const { workspaces } = await startRunner(database.db, await workspaceHome());
  const userId = await newUser(database.db);
  const workspace = await workspaces.open(userId);
  delete workspace.languages.python;
  const asked = remote.exec(userId, newId(), { language: "python", code: "1" });
  await expect(asked).rejects.toMatchObject({
    code: "bad_request",
    message: expect.stringContaining("javascript"),
  });
});

test("a stored tree is brought back: changed, deleted and added files alike", async () => {
  const { workspaces } = await startRunner(database.db, await workspaceHome());
  const [userId, agentId] = [await newUser(database.db), newId()];
  const directory = (await workspaces.open(userId)).agent(agentId);
  await directory.write("a/kept.txt", "one");
  await directory.write("run.sh", "#!/bin/sh\n", { mode: 0o755 });
  const { treeHash } = await captureTree(database.db, userId, directory);
  await directory.write("a/kept.txt", "two");
  await directory.remove("run.sh");
  await directory.write("new.txt", "x");
  await remote.restore(userId, agentId, treeHash);
  expect((await captureTree(database.db, userId, directory)).treeHash).toBe(treeHash);
  expect(await read(userId, agentId, "a/kept.txt")).toBe("one");
  await expect(remote.restore(userId, agentId, "0".repeat(64))).rejects.toMatchObject({ code: "not_found" });
});

test("without the secret nothing is answered, and what is no call is not found", async () => {
  const { address } = await startRunner(database.db, await workspaceHome());
  const url = `${address}/v1/workspaces/${newId()}`;
  for (const headers of [{}, { authorization: "Bearer wrong" }]) {
    expect((await request(url, { headers })).statusCode).toBe(401);
  }
  const authorization = `Bearer ${SECRET}`;
  expect((await request(`${url}/nothing`, { headers: { authorization } })).statusCode).toBe(404);
  const half = { method: "POST", headers: { authorization }, body: '{"language":' } as const;
  const answer = await request(`${url}/agents/${newId()}/exec`, half);
  expect(answer.statusCode).toBe(400);
  expect(await answer.body.json()).toMatchObject({ code: "bad_request", status: 400 });
});

test("with no runner up web says so", async () => {
  const own = await freshDatabase();
  onTestFinished(() => own.drop());
  const alone = createRemoteWorkspaces({ db: own.db, secret: SECRET });
  await expect(alone.read(newId())).rejects.toMatchObject({ code: "unavailable" });
});
