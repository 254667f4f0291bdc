import { expect, test } from "vitest";
import { changeAgent } from "#agents/change-agent.ts";
import { REPAIRS } from "#engines/builder/tunables.ts";
import { setBudget } from "#ledger/monthly-budget.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { makeDesk } from "../../support/runs.ts";
import { askedPath, follow, GOOD_FILES, type ScriptedRun } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

/** What one scripted call costs with claude-haiku-4-5: 100 tokens in, 50 out. */
const CALL = 350;

const suite = scriptedSuite();

const raise = ({ desk }: ScriptedRun, ceilingMicroUsd: number | null) =>
  changeAgent(suite.db, desk.userId, desk.agents[0] as string, { ceilingMicroUsd });

/** A run that gets this ceiling once its plan is asked for: asking for one takes more room than a small file does. */
async function startCapped(ceilingMicroUsd: number): Promise<ScriptedRun> {
  const desk = await suite.newDesk();
  const good = follow({});
  suite.model.script = async (question) => {
    if (question.system.startsWith("You are Carrel's architect"))
      await changeAgent(suite.db, desk.userId, desk.agents[0] as string, { ceilingMicroUsd });
    return good(question);
  };
  return suite.start({ of: desk });
}

test("with the plan comes a quote, kept with the run and told in its log", async () => {
  const run = await suite.start({ policy: { approvePlan: true }, ceilingMicroUsd: 400_000 });
  const asked = await suite.settled(run);
  expect(asked).toMatchObject({ review: { kind: "plan", plan: { files: [{}, {}, {}] }, budget: null } });
  expect(asked.quote).toMatchObject({ files: 3, calls: 3, repairs: REPAIRS, ceilingMicroUsd: 400_000 });
  const { lowMicroUsd, highMicroUsd } = asked.quote ?? { lowMicroUsd: 0, highMicroUsd: 0 };
  expect(lowMicroUsd).toBeGreaterThan(CALL);
  expect(highMicroUsd).toBeGreaterThan(lowMicroUsd);
  const told = (await suite.events(run)).filter(({ type }) => type === "quote");
  expect(told).toMatchObject([{ quote: asked.quote }]);
  await suite.answer(run, { decision: "approve" });
  const done = await suite.settled(run);
  expect(done.review?.kind).toBe("result");
  expect(done.costMicroUsd).toBeLessThanOrEqual(highMicroUsd);
});

test("a run whose ceiling nears asks before it goes on, holding no slot, and goes on when it was raised", async () => {
  const run = await startCapped(8_000);
  const asked = await suite.settled(run);
  expect(asked.review).toMatchObject({ kind: "budget", treeHash: null, plan: null });
  const spentMicroUsd = asked.costMicroUsd;
  const leftMicroUsd = 8_000 - spentMicroUsd;
  const { budget } = asked.review ?? {};
  expect(budget).toMatchObject({ cap: "agent", limitMicroUsd: 8_000, spentMicroUsd, leftMicroUsd });
  expect(budget?.ceilingMicroUsd).toBe(8_000);
  expect(spentMicroUsd).toBeLessThan(4 * CALL);
  expect(budget?.lowMicroUsd).toBeGreaterThan(0);
  expect(budget?.highMicroUsd).toBeGreaterThan(leftMicroUsd);
  expect(asked.review?.summary).toContain("$0.0080");
  expect(await suite.slotsHeld(run)).toBe(0);
  await suite.stack.restart("runner");
  expect((await suite.settled(run)).review?.kind).toBe("budget");
  await raise(run, 400_000);
  await suite.answer(run, { decision: "approve" });
  const done = await suite.settled(run);
  expect(done.review?.figures).toMatchObject({ files: 3, testsPassed: 1 });
  expect(done.costMicroUsd).toBe(4 * CALL);
  expect(done.quote?.ceilingMicroUsd).toBe(400_000);
});

test("approved as it is, the run goes on as far as the rest reaches; asked again, nothing was spent; rejected, the files stay", async () => {
  const good = follow({});
  const run = await startCapped(8_000);
  await suite.settled(run);
  // While the second file is written, what is left shrinks to less than anything costs.
  suite.model.script = async (question) => {
    if (askedPath(question) === "add.js") await raise(run, 4 * CALL);
    return good(question);
  };
  await suite.answer(run, { decision: "approve" });
  const again = await suite.settled(run);
  expect(again.review).toMatchObject({
    kind: "budget",
    budget: { spentMicroUsd: 3 * CALL, leftMicroUsd: CALL },
  });
  await suite.answer(run, { decision: "approve" });
  expect((await suite.settled(run)).review?.budget).toMatchObject({
    spentMicroUsd: 3 * CALL,
    leftMicroUsd: CALL,
  });
  await suite.answer(run, { decision: "reject" });
  const ended = await suite.settled(run);
  expect(ended).toMatchObject({ status: "cancelled", review: null, costMicroUsd: 3 * CALL });
  const steps = ended.steps.filter(({ status }) => status === "done").map(({ key }) => key);
  expect(steps.sort()).toEqual(["r1/plan", "r1/write:add.js", "r1/write:package.json"]);
  const next = await suite.start({ of: run.desk, ceilingMicroUsd: 400_000 });
  suite.model.script = good;
  const done = await suite.settled(next);
  expect(await suite.files(run, done.review?.treeHash)).toEqual(GOOD_FILES);
});

test("a call that the gateway refuses stops the run where it is, and what was paid for is not paid again", async () => {
  const good = follow({});
  const run = await suite.start();
  suite.model.script = async (question) => {
    if (askedPath(question) !== "add.test.js") return good(question);
    const whole = good(question).text ?? "";
    if (question.messages.length > 1) return { text: whole.slice(40) };
    await raise(run, 1);
    return { text: whole.slice(0, 40), stopReason: "max_tokens" };
  };
  const asked = await suite.settled(run);
  expect(asked.review).toMatchObject({ kind: "budget", budget: { cap: "agent", leftMicroUsd: 0 } });
  expect(asked.costMicroUsd).toBe(4 * CALL);
  await raise(run, null);
  await suite.answer(run, { decision: "approve" });
  const done = await suite.settled(run);
  expect(done.review?.figures).toMatchObject({ files: 3, testsPassed: 1 });
  expect(await suite.files(run, done.review?.treeHash)).toEqual(GOOD_FILES);
  expect(await suite.charges(run)).toMatchObject({ "r1/write:add.test.js": 2 });
  expect(done.costMicroUsd).toBe(5 * CALL);
});

test("the month's budget is a cap like the others, and a run without money for a plan asks before it is drawn", async () => {
  const { db } = suite;
  const first = await suite.start({ of: await makeDesk(db) });
  expect((await suite.settled(first)).review?.kind).toBe("result");
  await suite.answer(first, { decision: "reject" });
  await setBudget(db, first.desk.userId, 4 * CALL);
  const run = await suite.start({ of: first.desk });
  const asked = await suite.settled(run);
  expect(asked).toMatchObject({ quote: null, costMicroUsd: 0 });
  expect(asked.review?.budget).toMatchObject({ cap: "month", leftMicroUsd: 0, lowMicroUsd: null });
  await setBudget(db, first.desk.userId, 1_000_000);
  await suite.answer(run, { decision: "approve" });
  expect((await suite.settled(run)).review?.figures).toMatchObject({ files: 3, testsPassed: 1 });
});

test("what the demo model's run costs, a repair included, lies within its quote", async () => {
  const { db } = suite;
  const desk = await makeDesk(db);
  const agentId = desk.agents[0] as string;
  const text = "Write a JavaScript library that converts numbers to Roman numerals and back.";
  const { run } = await submitMessage(db, { userId: desk.userId, agentId, text });
  const { quote, costMicroUsd, steps } = await suite.settled({ desk, runId: run.id });
  expect(steps.map(({ key }) => key)).toContain("r1/repair:1");
  expect(costMicroUsd).toBeGreaterThanOrEqual(quote?.lowMicroUsd as number);
  expect(costMicroUsd).toBeLessThanOrEqual(quote?.highMicroUsd as number);
});
