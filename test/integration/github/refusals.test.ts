import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { inTransaction } from "#platform/db.ts";
import { addPublishedVersion } from "#runs/transitions/add-published-version.ts";
import { type TreeEntry, treeHash } from "#snapshots/tree.ts";
import {
  type Author,
  approve,
  type Files,
  type PublishingDesk,
  startPublishingDesk,
  storeTree,
  untilPublished,
} from "../../support/publishing.ts";

vi.setConfig({ testTimeout: 300_000 });

let desk: PublishingDesk;
let author: Author;

beforeAll(async () => {
  desk = await startPublishingDesk({ repositories: [{ owner: "alice", name: "desk", autoInit: true }] });
  author = await desk.connect({ owner: "alice", name: "desk", agent: "\u3000\u3000" });
  await desk.startPublisher();
}, 120_000);

afterAll(() => desk?.stop());

const OK = { "src/a.js": "export const a = 1;\n" };
const pushes = () => desk.fake.state.requests.filter(({ path }) => path.includes("git-receive-pack")).length;

async function refused(files: Files): Promise<unknown> {
  const before = pushes();
  const number = await approve(desk.database.db, author, files);
  const { publishing } = await untilPublished(desk.database.db, author, number);
  expect(publishing).toMatchObject({ state: "blocked", commitSha: null, pullRequest: null });
  expect(pushes()).toBe(before);
  return publishing.reason;
}

/** A tree as no capture would store it. */
async function forged(entry: Partial<TreeEntry>): Promise<unknown> {
  const { db } = desk.database;
  await storeTree(db, author.userId, OK);
  const { rows } = await db.pool.query<{ hash: string }>(
    "SELECT hash FROM blobs WHERE user_id = $1 LIMIT 1",
    [author.userId],
  );
  const entries = [{ path: "x", mode: "100644", hash: rows[0]?.hash, size: 1, ...entry } as TreeEntry];
  const tree = treeHash(entries);
  await db.pool.query(
    "INSERT INTO trees (user_id, hash, entries) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [author.userId, tree, JSON.stringify(entries)],
  );
  const before = pushes();
  const number = await inTransaction(db.pool, (client) =>
    addPublishedVersion(client, { agentId: author.agentId, treeHash: tree }),
  );
  const { publishing } = await untilPublished(db, author, number ?? 0);
  expect(publishing.state).toBe("blocked");
  expect(pushes()).toBe(before);
  return publishing.reason;
}

// Put together here, so that no scanner takes this file for a leak.
const KEY = ["ghp", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"].join("_");

test("a planted key is refused with its file and line, and is not said again", async () => {
  const reason = await refused({ ...OK, "src/config.js": `// settings\nexport const token = "${KEY}";\n` });
  expect(reason).toMatchObject({ code: "secret", places: [{ path: "src/config.js", line: 2 }] });
  expect(JSON.stringify(reason)).not.toContain(KEY.slice(8));
  const { rows } = await desk.database.db.pool.query("SELECT payload::text AS said FROM run_events");
  for (const { said } of rows) expect(said).not.toContain(KEY.slice(8));
});

test("private settings, links, paths out of the repository, git's own files and too large files are refused", async () => {
  expect(await refused({ ...OK, "api/.env.production": "A=1\n" })).toMatchObject({ code: "private" });
  for (const path of [
    "../evil",
    "/etc/passwd",
    "a/../../b",
    ".git/hooks/pre-push",
    "sub/.GIT/config",
    "a//b",
    "c\\d",
  ])
    expect(await forged({ path })).toMatchObject({ code: "path", places: [{ path }] });
  expect(await forged({ path: "passwd", mode: "120000" as never })).toMatchObject({ code: "link" });
  expect(await forged({ path: "video.bin", size: 120 * 1024 * 1024 })).toMatchObject({ code: "too_large" });
});

test("a change of workflows without the permission is refused and explained", async () => {
  const reason = await refused({ ...OK, ".github/workflows/ci.yml": "on: push\n" });
  expect(reason).toMatchObject({ code: "workflow", message: expect.stringContaining("permission") });
});

test("the next version without any of that is published, on a branch whose name is safe whatever the agent is called", async () => {
  const number = await approve(desk.database.db, author, { ...OK, ".env.example": "A=\n" });
  const { publishing } = await untilPublished(desk.database.db, author, number);
  expect(publishing.state).toBe("published");
  expect(publishing.branch).toMatch(/^carrel\/agent-[a-z0-9]{6}$/);
  expect(desk.fake.violations).toEqual([]);
});

test("whoever may no longer push has nothing published, and the repository is out of reach", async () => {
  const { db } = desk.database;
  const before = pushes();
  // As if the login were another person's by now.
  await db.pool.query("UPDATE github_accounts SET github_id = github_id + 1000 WHERE user_id = $1", [
    author.userId,
  ]);
  const number = await approve(db, author, { ...OK, "src/b.js": "export const b = 1;\n" });
  const { publishing } = await untilPublished(db, author, number);
  expect(publishing).toMatchObject({ state: "failed", reason: { code: "no_push" } });
  expect(pushes()).toBe(before);
  const { rows } = await db.pool.query("SELECT state FROM github_repositories WHERE user_id = $1", [
    author.userId,
  ]);
  expect(rows).toEqual([{ state: "out_of_reach" }]);
});
