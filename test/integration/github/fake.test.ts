import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createGitHub, type GitHub } from "#github/app.ts";
import { createLogger } from "#platform/log.ts";
import { type FakeGitHub, startFakeGitHub } from "../../fakes/github.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";

let fake: FakeGitHub;
let database: TestDatabase;
let github: GitHub;
let installationId: number;
let repositoryId: number;

beforeAll(async () => {
  fake = await startFakeGitHub({
    repositories: [
      { owner: "alice", name: "desk", autoInit: true },
      { owner: "alice", name: "diary", private: true, autoInit: true },
    ],
  });
  database = await freshDatabase();
  github = createGitHub({
    db: database.db,
    log: createLogger("test", "silent"),
    apiUrl: fake.url,
    webUrl: fake.url,
    variables: fake.env,
    keySecret: "a-secret-that-seals-for-tests-alone",
  });
  installationId = await fake.install("alice");
  const desk = await fake.as<{ id: number }>("alice", "GET", "/repos/alice/desk");
  repositoryId = desk?.id ?? 0;
});

afterEach(() => expect(fake.violations.splice(0)).toEqual([]));

afterAll(async () => {
  await fake?.close();
  await database?.drop();
});

const desk = { owner: "alice", repo: "desk" };

test("a client of one repository sees that one alone, may do what was asked for, and its token ends with the work", async () => {
  const token = await github.inRepository(
    { installationId, repositoryId },
    { contents: "read" },
    async ({ octokit, token }) => {
      expect((await octokit.request("GET /repos/{owner}/{repo}", desk)).data.name).toBe("desk");
      const other = octokit.request("GET /repos/{owner}/{repo}", { owner: "alice", repo: "diary" });
      await expect(other).rejects.toMatchObject({ status: 404 });
      const write = octokit.request("PUT /repos/{owner}/{repo}/contents/{path}", {
        ...desk,
        path: "a.txt",
        message: "a",
        content: "YQ==",
      });
      await expect(write).rejects.toMatchObject({ status: 403 });
      return token;
    },
  );
  const late = github.asUser(token).request("GET /repos/{owner}/{repo}", desk);
  await expect(late).rejects.toMatchObject({ status: 401 });
});

test("an installation that is suspended or gone, and a repository that is not its own, are told apart", async () => {
  const read = (ref: { installationId: number; repositoryId: number }) =>
    github.inRepository(ref, { contents: "read" }, async () => "open");
  await fake.suspend(installationId, true);
  await expect(read({ installationId, repositoryId })).rejects.toMatchObject({
    details: { reason: "suspended" },
  });
  await fake.suspend(installationId, false);
  await expect(read({ installationId, repositoryId: 999_999 })).rejects.toMatchObject({
    details: { reason: "out_of_reach" },
  });
  await expect(read({ installationId: 77, repositoryId })).rejects.toMatchObject({
    details: { reason: "removed" },
  });
});

test("what git pushes is in the API, and what the API writes can be cloned", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "carrel-clone-"));
  const git = (...args: string[]) => promisify(execFile)("git", ["-C", directory, ...args]);
  await github.inRepository(
    { installationId, repositoryId },
    { contents: "write", pull_requests: "write" },
    async (client) => {
      const url = `${fake.url.replace("//", `//x-access-token:${client.token}@`)}/alice/desk.git`;
      await git("clone", "--quiet", url, "clone");
      const clone = path.join(directory, "clone");
      await writeFile(path.join(clone, "binary"), Buffer.from([0, 255, 1, 254]));
      await git("-C", clone, "checkout", "--quiet", "-b", "carrel/first");
      await git("-C", clone, "add", ".");
      await git(
        "-C",
        clone,
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "commit",
        "--quiet",
        "-m",
        "Ünë\n\nTwo",
      );
      await git("-C", clone, "push", "--quiet", "origin", "carrel/first");
      const head = (await git("-C", clone, "rev-parse", "HEAD")).stdout.trim();
      const { octokit } = client;
      const branch = await octokit.request("GET /repos/{owner}/{repo}/git/ref/{ref}", {
        ...desk,
        ref: "heads/carrel/first",
      });
      expect(branch.data.object.sha).toBe(head);
      const pull = { ...desk, head: "carrel/first", base: "main", title: "First" };
      const made = await octokit.request("POST /repos/{owner}/{repo}/pulls", pull);
      await expect(octokit.request("POST /repos/{owner}/{repo}/pulls", pull)).rejects.toMatchObject({
        status: 422,
      });
      const files = await octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", {
        ...desk,
        pull_number: made.data.number,
      });
      expect(files.data.map(({ filename }) => filename)).toEqual(["binary"]);
    },
  );
  await rm(directory, { recursive: true });
});

test("a request that GitHub's description does not know is refused and remembered", async () => {
  await github.inRepository({ installationId, repositoryId }, { contents: "read" }, async ({ octokit }) => {
    const wrong = octokit.request("POST /repos/{owner}/{repo}/pulls", { ...desk, titel: "x" } as never);
    await expect(wrong).rejects.toMatchObject({ status: 400 });
  });
  expect(fake.violations.splice(0).join()).toContain("must NOT have additional properties in its body");
});
