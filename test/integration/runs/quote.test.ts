import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { changeAgent } from "#agents/change-agent.ts";
import { REPAIRS } from "#engines/builder/tunables.ts";
import { setBudget } from "#ledger/monthly-budget.ts";
import { answerReview } from "#runs/answer-review.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { type ScriptedModel, startScriptedModel } from "../../fakes/scripted-model.ts";
import { allEvents, charges } from "../../support/builder-runs.ts";
import { makeDesk, slotsHeld } from "../../support/runs.ts";
import {
  askedPath,
  follow,
  GOOD_FILES,
  resultFiles,
  type ScriptedRun,
  settled,
  startRun,
  startScriptedStack,
} from "../../support/scripted-builder.ts";
import type { Stack } from "../../support/stack.ts";

/** What one scripted call costs with claude-haiku-4-5: 100 tokens in, 50 out. */
const CALL = 350;

let model: ScriptedModel;
let stack: Stack;

beforeAll(async () => {
  model = await startScriptedModel();
  stack = await startScriptedStack(model);
}, 60_000);

afterAll(async () => {
  await stack?.stop();
  await model?.close();
});

beforeEach(() => {
  model.script = follow({});
});

const settle = (run: ScriptedRun) => settled(stack, run);
const raise = ({ desk }: ScriptedRun, ceilingMicroUsd: number | null) =>
  changeAgent(stack.database.db, desk.userId, desk.agents[0] as string, { ceilingMicroUsd });
const answer = ({ desk, runId }: ScriptedRun, decision: "approve" | "reject") =>
  answerReview(stack.database.db, { userId: desk.userId, runId, decision });

/** While its plan is drawn, what the run may cost shrinks to less than its files may. */
async function startTight(): Promise<ScriptedRun> {
  const good = follow({});
  const started = Promise.withResolvers<ScriptedRun>();
  model.script = async (question) => {
    if (askedPath(question) === null) await raise(await started.promise, 8_000);
    return good(question);
  };
  const run = await startRun(stack, {}, undefined, 400_000);
  started.resolve(run);
  return run;
}

test("with the plan comes a quote, kept with the run and told in its log", async () => {
  const run = await startRun(stack, { approvePlan: true }, undefined, 400_000);
  const asked = await settle(run);
  expect(asked).toMatchObject({ review: { kind: "plan", plan: { files: [{}, {}, {}] }, budget: null } });
  expect(asked.quote).toMatchObject({ files: 3, calls: 3, repairs: REPAIRS, ceilingMicroUsd: 400_000 });
  const { lowMicroUsd, highMicroUsd } = asked.quote ?? { lowMicroUsd: 0, highMicroUsd: 0 };
  expect(lowMicroUsd).toBeGreaterThan(CALL);
  expect(highMicroUsd).toBeGreaterThan(lowMicroUsd);
  const told = (await allEvents(stack.database.db, run.runId)).filter(({ type }) => type === "quote");
  expect(told).toMatchObject([{ quote: asked.quote }]);
  await answer(run, "approve");
  const done = await settle(run);
  expect(done.review?.kind).toBe("result");
  expect(done.costMicroUsd).toBeLessThanOrEqual(highMicroUsd);
});

test("a run whose ceiling nears asks before it goes on, holding no slot, and goes on when it was raised", async () => {
  const run = await startTight();
  const asked = await settle(run);
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
  expect(await slotsHeld(stack.database.db, run.desk.userId)).toBe(0);
  await stack.restart("runner");
  expect((await settle(run)).review?.kind).toBe("budget");
  await raise(run, 400_000);
  await answer(run, "approve");
  const done = await settle(run);
  expect(done.review?.figures).toMatchObject({ files: 3, testsPassed: 1 });
  expect(done.costMicroUsd).toBe(4 * CALL);
  expect(done.quote?.ceilingMicroUsd).toBe(400_000);
});

test("approved as it is, the run goes on as far as the rest reaches; asked again, nothing was spent; rejected, the files stay", async () => {
  const good = follow({});
  const run = await startTight();
  await settle(run);
  // While the second file is written, what is left shrinks to less than anything costs.
  model.script = async (question) => {
    if (askedPath(question) === "add.js") await raise(run, 4 * CALL);
    return good(question);
  };
  await answer(run, "approve");
  const again = await settle(run);
  expect(again.review).toMatchObject({
    kind: "budget",
    budget: { spentMicroUsd: 3 * CALL, leftMicroUsd: CALL },
  });
  await answer(run, "approve");
  expect((await settle(run)).review?.budget).toMatchObject({ spentMicroUsd: 3 * CALL, leftMicroUsd: CALL });
  await answer(run, "reject");
  const ended = await settle(run);
  expect(ended).toMatchObject({ status: "cancelled", review: null, costMicroUsd: 3 * CALL });
  const steps = ended.steps.filter(({ status }) => status === "done").map(({ key }) => key);
  expect(steps.sort()).toEqual(["r1/plan", "r1/write:add.js", "r1/write:package.json"]);
  const next = await startRun(stack, {}, run.desk, 400_000);
  model.script = good;
  const done = await settle(next);
  expect(await resultFiles(stack, run.desk, done.review?.treeHash as string)).toEqual(GOOD_FILES);
});

test("a call that the gateway refuses stops the run where it is, and what was paid for is not paid again", async () => {
  const good = follow({});
  const run = await startRun(stack);
  model.script = async (question) => {
    if (askedPath(question) !== "add.test.js") return good(question);
    const whole = good(question).text ?? "";
    if (question.messages.length > 1) return { text: whole.slice(40) };
    await raise(run, 1);
    return { text: whole.slice(0, 40), stopReason: "max_tokens" };
  };
  const asked = await settle(run);
  expect(asked.review).toMatchObject({ kind: "budget", budget: { cap: "agent", leftMicroUsd: 0 } });
  expect(asked.costMicroUsd).toBe(4 * CALL);
  await raise(run, null);
  await answer(run, "approve");
  const done = await settle(run);
  expect(done.review?.figures).toMatchObject({ files: 3, testsPassed: 1 });
  expect(await resultFiles(stack, run.desk, done.review?.treeHash as string)).toEqual(GOOD_FILES);
  expect(await charges(stack.database.db, run.runId)).toMatchObject({ "r1/write:add.test.js": 2 });
  expect(done.costMicroUsd).toBe(5 * CALL);
});

test("the month's budget is a cap like the others, and a run without money for a plan asks before it is drawn", async () => {
  const { db } = stack.database;
  const first = await startRun(stack);
  expect((await settle(first)).review?.kind).toBe("result");
  await answer(first, "reject");
  await setBudget(db, first.desk.userId, 4 * CALL);
  const run = await startRun(stack, {}, first.desk);
  const asked = await settle(run);
  expect(asked).toMatchObject({ quote: null, costMicroUsd: 0 });
  expect(asked.review?.budget).toMatchObject({ cap: "month", leftMicroUsd: 0, lowMicroUsd: null });
  await setBudget(db, first.desk.userId, 1_000_000);
  await answer(run, "approve");
  expect((await settle(run)).review?.figures).toMatchObject({ files: 3, testsPassed: 1 });
});

test("what the demo model's run costs, a repair included, lies within its quote", async () => {
  const { db } = stack.database;
  const desk = await makeDesk(db);
  const agentId = desk.agents[0] as string;
  const text = "Write a JavaScript library that converts numbers to Roman numerals and back.";
  const { run } = await submitMessage(db, { userId: desk.userId, agentId, text });
  const { quote, costMicroUsd, steps } = await settle({ desk, runId: run.id });
  expect(steps.map(({ key }) => key)).toContain("r1/repair:1");
  expect(costMicroUsd).toBeGreaterThanOrEqual(quote?.lowMicroUsd as number);
  expect(costMicroUsd).toBeLessThanOrEqual(quote?.highMicroUsd as number);
});
