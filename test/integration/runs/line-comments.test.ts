import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { answerReview } from "#runs/answer-review.ts";
import { listMessages } from "#runs/list-messages.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { storeBlob, storeTree } from "#snapshots/store-tree.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { type Desk, makeDesk, runState } from "../../support/runs.ts";

let database: TestDatabase;
let desk: Desk;
let runId: string;
let treeHash: string;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

/** A run whose result of two files awaits review. */
beforeEach(async () => {
  const { db } = database;
  desk = await makeDesk(db);
  const { run } = await submitMessage(db, { ...agent(), text: "an adder" });
  runId = run.id;
  treeHash = await keep({
    "src/add.js": "export const add = (a, b) =>\n  a - b;\n",
    "README.md": "# Adder\n",
  });
  await db.pool.query("UPDATE runs SET status = 'awaiting_review' WHERE id = $1", [runId]);
  await db.pool.query(
    `INSERT INTO reviews (id, run_id, round, kind, tree_hash, summary) VALUES ($1, $2, 1, 'result', $3, '{"text":"look"}')`,
    [newId(), runId, treeHash],
  );
});

const agent = () => ({ userId: desk.userId, agentId: desk.agents[0] as string });

async function keep(files: Record<string, string>): Promise<string> {
  const entries = Object.entries(files).map(async ([path, text]) => {
    const hash = await storeBlob(database.db, desk.userId, Buffer.from(text));
    return { path, hash, size: text.length, mode: "100644" as const };
  });
  return (await storeTree(database.db, desk.userId, await Promise.all(entries))).treeHash;
}

const ask = (more: object) =>
  answerReview(database.db, { userId: desk.userId, runId, decision: "request_changes", treeHash, ...more });

async function lastWish(): Promise<string | undefined> {
  const { messages } = await listMessages(database.db, desk.userId, desk.agents[0] as string, { limit: 10 });
  return messages.map(({ text }) => text).find((text) => text !== "an adder");
}

test("comments on lines go to the agent with their place and the line itself", async () => {
  const run = await ask({
    comment: "Nearly.",
    comments: [
      { path: "src/add.js", line: 2, text: "This subtracts." },
      { path: "README.md", line: 1, text: "Call it Sum." },
    ],
  });
  expect(run).toMatchObject({ status: "queued", round: 2 });
  expect(await lastWish()).toBe(
    "Nearly.\n\nsrc/add.js:2\n> a - b;\nThis subtracts.\n\nREADME.md:1\n> # Adder\nCall it Sum.",
  );
});

test("comments alone are enough", async () => {
  await ask({ comments: [{ path: "README.md", line: 1, text: "Call it Sum." }] });
  expect(await lastWish()).toBe("README.md:1\n> # Adder\nCall it Sum.");
});

test.each([
  ["a file that is not there", { comments: [{ path: "../add.js", line: 1, text: "x" }] }, "bad_request"],
  ["a line that is not there", { comments: [{ path: "README.md", line: 9, text: "x" }] }, "bad_request"],
  [
    "another decision",
    { decision: "approve", comments: [{ path: "README.md", line: 1, text: "x" }] },
    "bad_request",
  ],
  ["no tree", { treeHash: undefined, comments: [{ path: "README.md", line: 1, text: "x" }] }, "bad_request"],
  [
    "a tree nobody has",
    { treeHash: "f".repeat(64), comments: [{ path: "README.md", line: 1, text: "x" }] },
    "conflict",
  ],
])("with %s they are refused, and the review stays open", async (_, more, code) => {
  await expect(ask(more)).rejects.toMatchObject({ code });
  expect(await runState(database.db, runId)).toMatchObject({ status: "awaiting_review", round: 1 });
  expect(await lastWish()).toBeUndefined();
});

test("another user's tree shows nothing", async () => {
  const mine = desk;
  desk = await makeDesk(database.db);
  const theirs = await keep({ "README.md": "secret\n" });
  desk = mine;
  const comments = [{ path: "README.md", line: 1, text: "x" }];
  await expect(ask({ treeHash: theirs, comments })).rejects.toMatchObject({ code: "conflict" });
  expect(await lastWish()).toBeUndefined();
});
