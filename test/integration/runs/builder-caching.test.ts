import { expect, test } from "vitest";
import { FILES_AT_ONCE } from "#engines/builder/tunables.ts";
import { readRunCost } from "#ledger/read-run-cost.ts";
import { answerReview } from "#runs/answer-review.ts";
import { readAcceptedLines } from "#runs/read-accepted-lines.ts";
import type { Question } from "../../fakes/scripted-model.ts";
import { askedPath, follow, GOOD_FILES, GOOD_PLAN, planned } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

const suite = scriptedSuite();

/** One more than are written at the same time, and purposes that make the plan a long one. */
const names = Array.from({ length: FILES_AT_ONCE + 1 }, (_, n) => `data${n}.txt`);
const long = (path: string) => ({
  ...planned(path),
  purpose: `The file ${path}. ${"It holds words. ".repeat(30)}`,
});
const PLAN = { ...GOOD_PLAN, files: [...names.map(long), ...GOOD_PLAN.files] };
const FILES = { ...GOOD_FILES, ...Object.fromEntries(names.map((name) => [name, `the text of ${name}\n`])) };

const marks = (question: Question) => JSON.stringify(question).split('"cache_control"').length - 1;
const markedPaths = () => suite.model.questions.filter((question) => marks(question) > 0).map(askedPath);

test("what the files of a large plan share is marked once for the cache, and read from it by all that come later", async () => {
  const answer = follow({ plan: PLAN, files: FILES });
  suite.model.script = (question) => {
    if (marks(question) === 0) return answer(question);
    const first = askedPath(question) === "data0.txt";
    const usage = first ? { cache_creation_input_tokens: 2_000 } : { cache_read_input_tokens: 2_000 };
    return { ...answer(question), usage };
  };
  const run = await suite.start();
  const { review } = await suite.settled(run);
  expect(review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 0 });
  const later = PLAN.files.map(({ path }) => path).slice(FILES_AT_ONCE);
  expect(markedPaths().sort()).toEqual(["data0.txt", ...later].sort());
  const shared = suite.model.questions
    .filter((question) => marks(question) > 0)
    .map(({ system, messages }) => JSON.stringify([system, [messages[0]?.content].flat()[0]]));
  expect(new Set(shared).size).toBe(1);
  const { lines } = await readRunCost(suite.db, run.desk.userId, run.runId);
  const lineOf = (path: string) => lines.find(({ stepKey }) => stepKey === `r1/write:${path}`);
  expect(lineOf("data0.txt")).toMatchObject({
    cacheWriteTokens: 2_000,
    cacheReadTokens: 0,
    inputTokens: 100,
  });
  expect(lineOf("add.js")).toMatchObject({ cacheWriteTokens: 0, cacheReadTokens: 2_000, inputTokens: 100 });
  const [plain, written, read] = ["data1.txt", "data0.txt", "add.js"].map(
    (path) => lineOf(path)?.costMicroUsd ?? 0,
  );
  // 2,000 tokens of claude-haiku-4-5 at $1.25 and at $0.10 a million.
  expect([(written ?? 0) - (plain ?? 0), (read ?? 0) - (plain ?? 0)]).toEqual([2_500, 200]);
});

test("nothing is marked for a small project, and its accepted lines are known once it is approved", async () => {
  const run = await suite.start();
  await suite.settled(run);
  expect(markedPaths()).toEqual([]);
  const { db } = suite;
  const of = { userId: run.desk.userId, runId: run.runId };
  expect(await readAcceptedLines(db, of.userId, of.runId)).toBeNull();
  await answerReview(db, { ...of, decision: "approve" });
  const lines = Object.values(GOOD_FILES).join("").split("\n").length - 1;
  expect(await readAcceptedLines(db, of.userId, of.runId)).toBe(lines);
  expect(await readAcceptedLines(db, "somebody-else", of.runId)).toBeNull();
});
