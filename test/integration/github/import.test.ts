import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_POLICY } from "#agents/agent.ts";
import { createAgent } from "#agents/create-agent.ts";
import { chooseRepository } from "#github/choose-repository.ts";
import { requestImport } from "#github/import-repository.ts";
import { repositorySource } from "#github/repository-source.ts";
import type { CodeSource } from "#imports/code-source.ts";
import { type ImporterOptions, startImporter } from "#imports/importer.ts";
import { readImport } from "#imports/read-import.ts";
import { takeBack } from "#imports/take-back.ts";
import { createLogger } from "#platform/log.ts";
import { readBlob, readTree } from "#snapshots/read-tree.ts";
import { type GitHubDesk, openGitHubDesk } from "../../support/github.ts";

let desk: GitHubDesk;
let alice: string;
let home: string;
let importer: { stop(): Promise<void> };

const GIT_PEOPLE = ["-c", "user.name=Person", "-c", "user.email=person@example.org"];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), "carrel-import-"));
  desk = await openGitHubDesk({ repositories: [{ owner: "alice", name: "code", autoInit: true }] });
  const installationId = await desk.fake.install("alice");
  alice = await desk.connected("alice", installationId);
  await chooseRepository(desk.db, desk.github, { userId: alice, owner: "alice", name: "code" });
  await push("main", {
    "src/run.sh": "#!/bin/sh\necho hi\n",
    "bytes.bin": Buffer.from([0, 255, 10, 13, 10, 128]),
    "lines.txt": "one\r\ntwo\r\n",
    ".gitattributes": "lines.txt text eol=lf\nsrc export-ignore\n* filter=evil\n",
    ".env": "SECRET=1\n",
    "node_modules/x/index.js": "1\n",
  });
  importer = await start({});
}, 120_000);

afterAll(async () => {
  await importer?.stop();
  await desk?.close();
  if (home) await rm(home, { recursive: true, force: true });
});

const isEmpty = async (_userId: string, agentId: string) =>
  (await readdir(path.join(home, agentId)).catch(() => [])).length === 0;

const start = (differing: Partial<ImporterOptions>) =>
  startImporter({
    db: desk.db,
    databaseUrl: desk.url,
    runnerId: "runner",
    sources: {
      repository: repositorySource({
        db: desk.db,
        github: desk.github,
        git: { directory: path.join(home, "git"), env: { PATH: process.env.PATH ?? "" } },
      }),
      upload: {} as CodeSource<never>,
    },
    log: createLogger("test", "silent"),
    isEmpty,
    restore: restoreTo,
    takeBack: (userId, agentId, treeHash) =>
      takeBack(desk.db, userId, treeHash, {
        remove: (name) => rm(path.join(home, agentId, name), { recursive: true, force: true }),
      }),
    sweep: async () => undefined,
    onDone: async () => undefined,
    ...differing,
  });

/** A person's push, with a link out of the repository. */
async function push(branch: string, files: Record<string, string | Buffer>): Promise<void> {
  const { git, state } = desk.fake;
  const { gitBridge } = await import("../../fakes/github/git-bridge.ts");
  const bridge = gitBridge(state, git);
  await bridge.toGit("alice", "code");
  const work = await mkdtemp(path.join(home, "work-"));
  const run = (...args: string[]) =>
    git.git("alice", "code", "--work-tree", work, ...GIT_PEOPLE, "-c", "core.bare=false", ...args);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(work, name)), { recursive: true });
    await writeFile(path.join(work, name), content, { mode: name.endsWith(".sh") ? 0o755 : 0o644 });
  }
  await (await import("node:fs/promises")).symlink("/etc/passwd", path.join(work, "passwd"));
  await run("symbolic-ref", "HEAD", `refs/heads/${branch}`);
  await run(
    "-c",
    "core.autocrlf=false",
    "-c",
    "core.attributesFile=/dev/null",
    "add",
    "--all",
    "--force",
    ".",
  );
  await run("commit", "--quiet", "--message", "Code");
  await bridge.toApi("alice", "code");
}

/** The agent's directory, here a plain one. */
async function restoreTo(userId: string, agentId: string, treeHash: string): Promise<void> {
  for (const { path: name, mode, hash } of await readTree(desk.db, userId, treeHash)) {
    const target = path.join(home, agentId, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, await readBlob(desk.db, userId, hash), {
      mode: Number.parseInt(mode, 8) & 0o777,
    });
  }
}

const newAgent = async () =>
  (await createAgent(desk.db.pool, alice, { name: "Code", engine: "builder", policy: DEFAULT_POLICY })).id;

const ended = async (agentId: string) => {
  const state = async () => (await readImport(desk.db, alice, agentId))?.state;
  await expect.poll(state, { timeout: 60_000 }).toMatch(/^(done|failed)$/);
  return readImport(desk.db, alice, agentId);
};

test("the files of a branch come byte for byte; links, private files and what tools make stay outside, by name", async () => {
  const agentId = await newAgent();
  await requestImport(desk.db, { userId: alice, agentId, branch: null });
  const done = await ended(agentId);
  expect(done).toMatchObject({ state: "done", repository: "alice/code", branch: "main", error: null });
  expect(done?.filesDone).toBe(done?.filesTotal);
  expect(done?.skipped.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
    { path: ".env", reason: "not_kept" },
    { path: "node_modules/x/index.js", reason: "not_kept" },
    { path: "passwd", reason: "link" },
  ]);
  const file = (name: string) => path.join(home, agentId, name);
  expect(await readFile(file("bytes.bin"))).toEqual(Buffer.from([0, 255, 10, 13, 10, 128]));
  expect((await stat(file("src/run.sh"))).mode & 0o111).not.toBe(0);
  await expect(stat(file("passwd"))).rejects.toThrow();
});

test("the token could read this one repository, and ended with the work; nothing of it is left on the disk", async () => {
  const tokens = [...desk.fake.state.tokens.values()].filter(({ kind }) => kind === "installation");
  expect(tokens.every(({ revoked }) => revoked)).toBe(true);
  const reading = tokens.filter(({ permissions }) => permissions?.contents === "read");
  expect(reading.length).toBeGreaterThan(0);
  expect(reading.every(({ repositoryIds }) => repositoryIds?.length === 1)).toBe(true);
  expect(await readdir(path.join(home, "git"))).toEqual([]);
});

test("a second import, another tenant's agent and an agent that has worked are refused", async () => {
  const agentId = await newAgent();
  await requestImport(desk.db, { userId: alice, agentId, branch: null });
  await ended(agentId);
  const again = requestImport(desk.db, { userId: alice, agentId, branch: null });
  await expect(again).rejects.toMatchObject({ code: "conflict" });
  const mallory = await desk.connected("mallory");
  const foreign = requestImport(desk.db, { userId: mallory, agentId: await newAgent(), branch: null });
  await expect(foreign).rejects.toMatchObject({ code: "not_found" });
  expect(await readImport(desk.db, mallory, agentId)).toBeNull();
});

test("a branch that is not there, and a directory that is not empty, are said, and it can be tried again", async () => {
  const agentId = await newAgent();
  await requestImport(desk.db, { userId: alice, agentId, branch: "nowhere" });
  expect(await ended(agentId)).toMatchObject({ state: "failed", error: expect.stringContaining("nowhere") });
  await mkdir(path.join(home, agentId), { recursive: true });
  await writeFile(path.join(home, agentId, "mine.txt"), "mine");
  await requestImport(desk.db, { userId: alice, agentId, branch: null });
  expect(await ended(agentId)).toMatchObject({
    state: "failed",
    error: expect.stringContaining("not empty"),
  });
  await rm(path.join(home, agentId, "mine.txt"));
  await requestImport(desk.db, { userId: alice, agentId, branch: null });
  expect(await ended(agentId)).toMatchObject({ state: "done" });
});

interface ImportRow {
  state: string;
  attempts: number;
  tree_hash: string | null;
  lease_until: Date | null;
}

const rowOf = async (agentId: string) =>
  (
    await desk.db.pool.query<ImportRow>(
      "SELECT state, attempts, tree_hash, lease_until FROM code_imports WHERE agent_id = $1",
      [agentId],
    )
  ).rows[0] as ImportRow;

/** What was put back is tried again now. */
const hurry = () => desk.db.pool.query("UPDATE code_imports SET lease_until = now() WHERE state = 'pending'");

test("a runner that stops ends the one that it puts in place, and leaves the next to others", async () => {
  await importer.stop();
  const entered = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const stopping = await start({
    async restore(userId, agentId, treeHash) {
      entered.resolve();
      await goOn.promise;
      await restoreTo(userId, agentId, treeHash);
    },
  });
  const agents = [await newAgent(), await newAgent()];
  for (const agentId of agents) await requestImport(desk.db, { userId: alice, agentId, branch: null });
  await entered.promise;
  const stopped = stopping.stop();
  goOn.resolve();
  await stopped;
  const rows = await Promise.all(agents.map(rowOf));
  expect(rows.map(({ state, attempts }) => [state, attempts])).toEqual([
    ["done", 1],
    ["pending", 0],
  ]);
  expect(rows[1]?.lease_until).toBeNull();
  importer = await start({});
  expect(await ended(agents[1] as string)).toMatchObject({ state: "done" });
  await importer.stop();
});

test("an attempt that broke off in the middle of the directory is done again; one before it respects what stands there", async () => {
  const broken = await newAgent();
  let times = 0;
  importer = await start({
    async restore(userId, agentId, treeHash) {
      times += 1;
      if (times > 1) return restoreTo(userId, agentId, treeHash);
      expect((await rowOf(agentId)).tree_hash).toBe(treeHash);
      await mkdir(path.join(home, agentId));
      await writeFile(path.join(home, agentId, "lines.txt"), "half");
      throw new Error("the runner is gone");
    },
  });
  await requestImport(desk.db, { userId: alice, agentId: broken, branch: null });
  await expect.poll(async () => (await rowOf(broken)).state, { timeout: 60_000 }).toBe("pending");
  await hurry();
  expect(await ended(broken)).toMatchObject({ state: "done" });
  expect(await readFile(path.join(home, broken, "lines.txt"), "utf8")).toBe("one\ntwo\n");
  await importer.stop();

  const early = await newAgent();
  let looks = 0;
  importer = await start({
    async isEmpty(userId, agentId) {
      looks += 1;
      if (looks > 1) return isEmpty(userId, agentId);
      throw new Error("the runner is gone");
    },
  });
  await requestImport(desk.db, { userId: alice, agentId: early, branch: null });
  await expect.poll(async () => looks, { timeout: 60_000 }).toBe(1);
  await expect.poll(async () => (await rowOf(early)).state, { timeout: 60_000 }).toBe("pending");
  expect((await rowOf(early)).tree_hash).toBeNull();
  await mkdir(path.join(home, early));
  await writeFile(path.join(home, early, "mine.txt"), "mine");
  await hurry();
  expect(await ended(early)).toMatchObject({
    state: "failed",
    error: expect.stringContaining("not empty"),
  });
  expect(await readFile(path.join(home, early, "mine.txt"), "utf8")).toBe("mine");
});
