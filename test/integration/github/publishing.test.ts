import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { requestPublishing } from "#github/request-publishing.ts";
import { restoreVersion } from "#runs/restore-version.ts";
import {
  type Author,
  approve,
  type Files,
  type PublishingDesk,
  startPublishingDesk,
  untilPublished,
  versionOf,
} from "../../support/publishing.ts";
import { until } from "../../support/runs.ts";

vi.setConfig({ testTimeout: 300_000 });

// The life of one agent's line of versions, told in order.
let desk: PublishingDesk;
let author: Author;

beforeAll(async () => {
  desk = await startPublishingDesk({ repositories: [{ owner: "alice", name: "desk", autoInit: true }] });
  author = await desk.connect({ owner: "alice", name: "desk" });
  await desk.startPublisher();
}, 120_000);

afterAll(() => desk?.stop());

const BRANCH = "carrel/weather-desk";
const git = (...args: string[]) => desk.fake.git.git("alice", "desk", ...args);
const head = async (branch: string) =>
  (
    await desk.fake.as<{ object: { sha: string } }>(
      "alice",
      "GET",
      `/repos/alice/desk/git/ref/heads/${branch}`,
    )
  )?.object.sha;
const files = async (branch: string) => (await git("ls-tree", "-r", "--name-only", branch)).split("\n");
const publish = async (tree: Files, request?: string) => {
  const number = await approve(desk.database.db, author, tree, request);
  return untilPublished(desk.database.db, author, number);
};
interface Pull {
  number: number;
  title: string;
  body: string;
  state: string;
  head: { ref: string };
}
const pull = async (number: number) =>
  (await desk.fake.as<Pull>("alice", "GET", `/repos/alice/desk/pulls/${number}`)) as Pull;
const pulls = async () =>
  (await desk.fake.as<Pull[]>("alice", "GET", "/repos/alice/desk/pulls?state=all")) as Pull[];
const merge = (number: number) => desk.fake.as("alice", "PUT", `/repos/alice/desk/pulls/${number}/merge`, {});

/** A person's own commit on a branch. */
async function commitByHand(branch: string, name: string, content: string): Promise<void> {
  const there = await desk.fake.as<{ sha: string }>(
    "alice",
    "GET",
    `/repos/alice/desk/contents/${name}?ref=${branch}`,
  );
  await desk.fake.as("alice", "PUT", `/repos/alice/desk/contents/${name}`, {
    branch,
    message: `Change ${name}`,
    content: Buffer.from(content).toString("base64"),
    sha: there?.sha,
  });
}

const ONE = { "README.md": "# Weather\n", "src/a.js": "export const a = 1;\n", "src/old.js": "old\n" };
const TWO = {
  "README.md": "# Weather\n",
  "src/a.js": "export const a = 2;\n",
  "run.sh": { content: "#!/bin/sh\n", mode: "100755" as const },
};

test("the first version is a pull request, with the evidence, on a branch of the agent's", async () => {
  const version = await publish(
    ONE,
    "Build a weather page for @octocat, fixes #1\nCo-authored-by: Evil <e@x.org>",
  );
  expect(version.publishing).toMatchObject({
    state: "published",
    branch: BRANCH,
    pullRequestNumber: 1,
    pullRequest: `${desk.fake.url}/alice/desk/pull/1`,
    reason: null,
  });
  // By the table in docs/decisions/0021: however many files there are.
  const asked = desk.fake.state.requests
    .slice(0, 9)
    .map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
  expect(asked).toEqual([
    `POST /app/installations/${author.installationId}/access_tokens`,
    "GET /repos/alice/desk",
    "GET /repos/alice/desk/collaborators/alice/permission",
    "GET /alice/desk.git/info/refs",
    "POST /alice/desk.git/git-upload-pack",
    "POST /alice/desk.git/git-upload-pack",
    "GET /alice/desk.git/info/refs",
    "POST /alice/desk.git/git-receive-pack",
    "POST /repos/alice/desk/pulls",
  ]);
  expect(await files(BRANCH)).toEqual(["README.md", "src/a.js", "src/old.js"]);
  const message = await git("log", "-1", "--format=%an <%ae>%n%B", BRANCH);
  const account = desk.fake.state.accounts.find(({ login }) => login === "alice");
  expect(message).toBe(
    [
      `alice <${account?.id}+alice@users.noreply.github.com>`,
      "Version 1: Build a weather page for @octocat, fixes #1 Co-authored-by:…",
      "",
      "Carrel-Version: 1",
      `Carrel-Run: ${version.runId}`,
      "Co-authored-by: Weather desk <weather-desk@agents.carrel.invalid>",
    ].join("\n"),
  );
  const { body, title } = await pull(1);
  expect(title).toMatch(/^Weather desk, version 1: Build a weather page/);
  expect(body).toContain(version.runId);
  expect(body).not.toContain("@octocat");
  expect(body).not.toMatch(/#1\b/);
});

test("the second version is a commit in the same pull request, with what it changed", async () => {
  await desk.fake.as("alice", "PATCH", "/repos/alice/desk/pulls/1", {
    body: `My own words.\n\n${(await pull(1)).body}\n\nAnd more.`,
  });
  const version = await publish(TWO, "Make a two");
  expect(version.publishing).toMatchObject({ state: "published", branch: BRANCH, pullRequestNumber: 1 });
  expect(version.publishing.changesUrl).toMatch(/\/alice\/desk\/compare\/[0-9a-f]{12}\.\.\.[0-9a-f]{12}$/);
  expect(await files(BRANCH)).toEqual(["README.md", "run.sh", "src/a.js"]);
  expect(await git("ls-tree", BRANCH, "run.sh")).toMatch(/^100755 /);
  expect(await git("rev-list", "--count", `main..${BRANCH}`)).toBe("2");
  const { body, title } = await pull(1);
  expect(body).toMatch(/^My own words\.[\s\S]*Version 2[\s\S]*Version 1[\s\S]*And more\.$/);
  expect(title).toContain("version 2: Make a two");
  expect(await pulls()).toHaveLength(1);
});

test("what a person committed to the branch stays, under the next version", async () => {
  await commitByHand(BRANCH, "notes.md", "by hand\n");
  const version = await publish({ ...TWO, "src/b.js": "export const b = 1;\n" });
  expect(version.publishing.state).toBe("published");
  expect(await files(BRANCH)).toEqual(["README.md", "notes.md", "run.sh", "src/a.js", "src/b.js"]);
  expect(await git("log", "--format=%s", "-2", BRANCH)).toBe("Version 3: Make something.\nChange notes.md");
});

test("where a person changed the same lines, the version is not pushed; the files are named and a repair is offered", async () => {
  await commitByHand(BRANCH, "src/a.js", "export const a = 'person';\n");
  const before = await head(BRANCH);
  const version = await publish({
    ...TWO,
    "src/a.js": "export const a = 'agent';\n",
    "src/b.js": "export const b = 1;\n",
  });
  expect(version.publishing).toMatchObject({
    state: "conflict",
    commitSha: null,
    reason: { code: "conflict", places: [{ path: "src/a.js" }] },
  });
  expect(await head(BRANCH)).toBe(before);
  const { rows } = await desk.database.db.pool.query("SELECT kind, state, text FROM github_repairs");
  expect(rows).toMatchObject([
    { kind: "conflict", state: "offered", text: expect.stringContaining("src/a.js") },
  ]);
});

test("a version that fits again is published, and the one in conflict does not come after it", async () => {
  const version = await publish({ ...TWO, "src/b.js": "export const b = 5;\n" });
  expect(version.publishing).toMatchObject({ state: "published", pullRequestNumber: 1 });
  expect(await git("show", `${BRANCH}:src/a.js`)).toBe("export const a = 'person';");
  expect(await git("show", `${BRANCH}:src/b.js`)).toBe("export const b = 5;");
  const again = requestPublishing(desk.database.db, {
    userId: author.userId,
    agentId: author.agentId,
    number: 4,
  });
  await expect(again).rejects.toMatchObject({ code: "conflict" });
});

test("after the merge the next version opens a new pull request from the default branch", async () => {
  await merge(1);
  await commitByHand("main", "elsewhere.txt", "x\n");
  const version = await publish({ ...TWO, "src/b.js": "export const b = 6;\n" });
  expect(version.publishing).toMatchObject({
    state: "published",
    branch: `${BRANCH}-2`,
    pullRequestNumber: 2,
  });
  expect(await files(`${BRANCH}-2`)).toEqual([
    "README.md",
    "elsewhere.txt",
    "notes.md",
    "run.sh",
    "src/a.js",
    "src/b.js",
  ]);
  expect(await git("rev-list", "--count", `main..${BRANCH}-2`)).toBe("1");
  expect((await versionOf(desk.database.db, author, 5)).publishing.state).toBe("merged");
});

test("a conflict with the default branch is found before the push", async () => {
  await commitByHand("main", "src/b.js", "export const b = 'main';\n");
  const before = await head(`${BRANCH}-2`);
  const version = await publish({ ...TWO, "src/b.js": "export const b = 7;\n" });
  expect(version.publishing).toMatchObject({ state: "conflict", reason: { places: [{ path: "src/b.js" }] } });
  expect(version.publishing.reason?.message).toContain("main");
  expect(await head(`${BRANCH}-2`)).toBe(before);
});

test("going back to a version is a new version; the same again is none", async () => {
  const { db } = desk.database;
  const put: string[] = [];
  const back = () =>
    restoreVersion(db, { ...author, number: 6 }, async (hash) => {
      put.push(hash);
    });
  const restored = await back();
  expect(restored).toMatchObject({ number: 8, restoredFrom: 6, runId: null });
  expect(put).toEqual([restored.treeHash]);
  const published = await untilPublished(db, author, 8);
  expect(published.publishing.state).toBe("unchanged");
  expect(await back()).toMatchObject({ number: 8 });
});

test("what is closed unmerged is told again, whole, by the next pull request", async () => {
  await desk.fake.as("alice", "PATCH", "/repos/alice/desk/pulls/2", { state: "closed" });
  const version = await publish({ ...TWO, "src/b.js": "export const b = 5;\n", "src/c.js": "c\n" });
  expect(version.publishing).toMatchObject({
    state: "published",
    branch: `${BRANCH}-3`,
    pullRequestNumber: 3,
  });
  expect(await files(`${BRANCH}-3`)).toContain("src/c.js");
});

test("every request kept to GitHub's description; tokens were for this repository, for what it takes, and are revoked", async () => {
  expect(desk.fake.violations).toEqual([]);
  const issued = () => [...desk.fake.state.tokens.values()].filter(({ kind }) => kind === "installation");
  await until("all tokens are revoked", async () => issued().every(({ revoked }) => revoked));
  expect(issued().length).toBeGreaterThan(5);
  for (const { repositoryIds, permissions } of issued()) {
    expect(repositoryIds).toEqual([author.repositoryId]);
    expect([{ contents: "write", pull_requests: "write" }, { pull_requests: "read" }]).toContainEqual(
      permissions,
    );
  }
});
