import { expect, test } from "vitest";
import { answerReview } from "#runs/answer-review.ts";
import type { Question } from "../../fakes/scripted-model.ts";
import { makeDesk } from "../../support/runs.ts";
import { askedPath, follow, GOOD_FILES } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

const suite = scriptedSuite();

const BROKEN = "export const add = (a, b) => a - b;\n";
const TWO_TESTS = `${GOOD_FILES["add.test.js"]}test('is there', () => assert.ok(add));\n`;

const isRepair = (question: Question) => question.system.startsWith("You are Carrel's repairer");
const repairs = () => suite.model.questions.filter(isRepair);
const asked = (question: Question | undefined) => String(question?.messages[0]?.content);
const edits = (explanation: string, ...given: unknown[]) => ({
  tool: { name: "propose_edits", input: { explanation, edits: given } },
});

/** The adder with a mistake in it, and a repairer who answers what the test says, one after another. */
function repairedBy(answers: ((question: Question) => ReturnType<typeof edits>)[]) {
  const rest = [...answers];
  const build = follow({ files: { "add.js": BROKEN, "add.test.js": TWO_TESTS } });
  suite.model.script = (question) =>
    (isRepair(question) ? (rest.shift() ?? answers.at(-1))?.(question) : undefined) ?? build(question);
}

test("a repair by search and replace changes what it names and nothing else", async () => {
  repairedBy([() => edits("Minus.", { path: "add.js", changes: [{ search: "a - b", replace: "a + b" }] })]);
  const run = await suite.start();
  const { review } = await suite.settled(run);
  expect(review?.figures).toMatchObject({ testsPassed: 2, testsFailed: 0 });
  expect(review?.summary).not.toContain("changed tests");
  const files = await suite.files(run, review?.treeHash);
  expect(files["add.js"]).toBe(GOOD_FILES["add.js"]);
});

test("a search that does not apply is objected to, by file and reason, and the mended one is applied", async () => {
  repairedBy([
    () => edits("So.", { path: "add.js", changes: [{ search: "a * b", replace: "a + b" }] }),
    () => edits("So.", { path: "add.js", changes: [{ search: "a", replace: "a + b" }] }),
    () => edits("So.", { path: "add.js", changes: [{ search: "a - b", replace: "a + b" }] }),
  ]);
  const run = await suite.start();
  const { review } = await suite.settled(run);
  expect(review?.figures).toMatchObject({ testsPassed: 2, testsFailed: 0 });
  const objections = repairs().map(({ messages }) => JSON.stringify(messages.at(-1)?.content));
  expect(objections[1]).toMatch(/add\.js: search 1 .*a \* b.* does not occur in the file/);
  expect(objections[2]).toMatch(/add\.js: search 1 .* occurs more than once/);
  expect((await suite.charges(run))["r1/repair:1"]).toBe(3);
});

test("two attempts without headway: the third is told to go another way, to another model; then it ends honestly", async () => {
  const tried = (n: number) => () => edits(`Idea ${n}.`, { path: "add.js", content: `${BROKEN}// ${n}\n` });
  repairedBy([tried(1), tried(2), tried(3)]);
  const { db } = suite.stack.database;
  const desk = await makeDesk(db);
  await db.pool.query("UPDATE agents SET models = $2 WHERE user_id = $1", [
    desk.userId,
    JSON.stringify({ repairer: { high: "claude-sonnet-4-5" } }),
  ]);
  const run = await suite.start({ of: desk });
  const { review, steps } = await suite.settled(run);
  const [first, second, third, ...more] = repairs();
  expect(more).toEqual([]);
  expect(asked(first)).not.toMatch(/<tried |another approach/);
  expect(asked(second)).toContain(
    '<tried attempt="1" files="add.js">\nIdea 1.\nAfter it failed:\n1 failed, 1 passed: adds',
  );
  expect(asked(second)).not.toContain("another approach");
  expect(asked(third)).toContain("Idea 2.");
  expect(asked(third)).toContain("Take another approach");
  expect([first?.model, second?.model, third?.model]).toEqual([
    "claude-haiku-4-5",
    "claude-haiku-4-5",
    "claude-sonnet-4-5",
  ]);
  expect(steps.filter(({ key }) => key.includes("repair"))).toHaveLength(3);
  expect(review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 1 });
  expect(review?.summary).toContain("another approach included");
  expect(review?.summary).toContain("Not working: adds. Working: is there.");
});

test("where no other model is meant for hard repairs the run's own goes another way", async () => {
  repairedBy([() => edits("Again.", { path: "add.js", content: BROKEN })]);
  const run = await suite.start();
  expect((await suite.settled(run)).status).toBe("awaiting_review");
  expect(repairs().map((question) => question.model)).toEqual(Array(3).fill("claude-haiku-4-5"));
  expect(asked(repairs()[2])).toContain("Take another approach");
});

test("a repair that changes the tests and not the program is pointed out", async () => {
  const weaker = { path: "add.test.js", changes: [{ search: "add(1, 2), 3", replace: "add(1, 2), -1" }] };
  repairedBy([() => edits("The test was wrong.", weaker)]);
  const run = await suite.start();
  const { review } = await suite.settled(run);
  expect(review?.figures).toMatchObject({ testsPassed: 2, testsFailed: 0 });
  expect(review?.summary).toContain("A repair changed tests and not only the program: add.test.js");
});

test.each([
  ["is refused by a cap", 2_000, /Repairing stopped.*the run's ceiling.*Raise the agent's ceiling/],
  ["cannot be paid at all", 1_500, /Repairing stopped.*less than another repair takes/],
])(
  "a repair that %s is asked about once; let go on as it is, the work goes to review",
  async (_how, ceiling, words) => {
    const { db } = suite.stack.database;
    repairedBy([() => edits("Never asked.", { path: "add.js", content: BROKEN })]);
    const build = suite.model.script;
    const run = await suite.start();
    suite.model.script = async (question) => {
      const answer = await build(question);
      // The last file is under way, and what it has cost by then is nearly all that the run may cost.
      if (askedPath(question) === "add.test.js")
        await db.pool.query("UPDATE runs SET ceiling_micro_usd = $2 WHERE id = $1", [run.runId, ceiling]);
      return answer;
    };
    expect((await suite.settled(run)).review).toMatchObject({ kind: "budget", budget: { cap: "run" } });
    await answerReview(db, { userId: run.desk.userId, runId: run.runId, decision: "approve" });
    const { review, error } = await suite.settled(run);
    expect(error).toBeNull();
    expect(review?.figures).toMatchObject({ files: 3, testsPassed: 1, testsFailed: 1 });
    expect(review?.summary).toMatch(words);
    // Its tokens were counted at most.
    expect(repairs().filter(({ max_tokens }) => max_tokens !== undefined)).toEqual([]);
  },
);
