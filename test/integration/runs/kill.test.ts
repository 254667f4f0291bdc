import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunEvent } from "#events/vocabulary.ts";
import {
  allEvents,
  charges,
  essence,
  reviewTree,
  startBuilderRun,
  untilReview,
} from "../../support/builder-runs.ts";
import { runState, slotsHeld, until } from "../../support/runs.ts";
import { type Stack, type StackPart, startStack } from "../../support/stack.ts";

const REQUEST = "JavaScriptで温度変換ライブラリを作って";

let stack: Stack;
let undisturbed: { tree: string; essence: string[]; charges: Record<string, number> };

beforeAll(async () => {
  stack = await startStack({ runners: 2, demoDelayMs: 12 });
  const { runId } = await startBuilderRun(stack, REQUEST, "undisturbed@example.org");
  await untilReview(stack.database.db, runId);
  const { db } = stack.database;
  undisturbed = {
    tree: await reviewTree(db, runId),
    essence: essence(await allEvents(db, runId)),
    charges: await charges(db, runId),
  };
}, 240_000);

afterAll(() => stack?.stop());

type Moment = (event: RunEvent) => boolean;

const MOMENTS: [string, Moment][] = [
  [
    "while it plans",
    (event) => event.type === "step" && event.key === "r1/plan" && event.status === "running",
  ],
  [
    "in the middle of a file",
    (event) => event.type === "output" && event.step === "r1/write:src/temperature/scales.js",
  ],
  [
    "between two files",
    (event) => event.type === "step" && event.key.endsWith("index.js") && event.status === "done",
  ],
  ["while its tests run", (event) => event.type === "tool_call" && event.step === "r1/check:1"],
  [
    "while it repairs",
    (event) => event.type === "step" && event.key === "r1/repair:1" && event.status === "running",
  ],
];

async function untilEvent(runId: string, moment: Moment): Promise<void> {
  await until("the moment", async () => (await allEvents(stack.database.db, runId)).some(moment));
}

/** The part whose runner executes this user's runs. */
async function runnerOf(userId: string): Promise<StackPart> {
  const { rows } = await stack.database.db.pool.query<{ address: string }>(
    "SELECT address FROM workspaces WHERE user_id = $1",
    [userId],
  );
  const index = stack.runnerUrls.indexOf(rows[0]?.address ?? "");
  if (index < 0) throw new Error(`no runner at ${rows[0]?.address}`);
  return index === 0 ? "runner" : `runner${index}`;
}

async function expectUndisturbed(runId: string, userId: string): Promise<void> {
  const { db } = stack.database;
  const events = await allEvents(db, runId);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(essence(events)).toEqual(undisturbed.essence);
  expect(await reviewTree(db, runId)).toBe(undisturbed.tree);
  expect(await charges(db, runId)).toEqual(undisturbed.charges);
  expect(await slotsHeld(db, userId)).toBe(0);
}

test.each(MOMENTS)(
  "a runner killed %s changes nothing of the run",
  async (name, moment) => {
    const { runId, client } = await startBuilderRun(
      stack,
      REQUEST,
      `runner-${name.replaceAll(" ", "-")}@example.org`,
    );
    await untilEvent(runId, moment);
    const part = await runnerOf(client.userId);
    await stack.kill(part);
    expect((await runState(stack.database.db, runId)).status).toBe("running");
    await untilReview(stack.database.db, runId);
    expect((await runState(stack.database.db, runId)).fence).toBeGreaterThan(1);
    await expectUndisturbed(runId, client.userId);
    await stack.restart(part);
  },
  120_000,
);

test.each(MOMENTS)(
  "web killed %s changes nothing of the run",
  async (name, moment) => {
    const { runId, client } = await startBuilderRun(
      stack,
      REQUEST,
      `web-${name.replaceAll(" ", "-")}@example.org`,
    );
    await untilEvent(runId, moment);
    await stack.kill("web");
    await stack.restart("web");
    await untilReview(stack.database.db, runId);
    await expectUndisturbed(runId, client.userId);
    const { body } = await client.call("GET", `/runs/${runId}/events?after=0`);
    expect(body.events).toEqual(await allEvents(stack.database.db, runId));
  },
  120_000,
);

test("a runner frozen past its lease and woken changes nothing", async () => {
  const { runId, client } = await startBuilderRun(stack, REQUEST, "frozen@example.org");
  await untilEvent(runId, (MOMENTS[1] as [string, Moment])[1]);
  const part = await runnerOf(client.userId);
  stack.freeze(part);
  await untilReview(stack.database.db, runId);
  expect(await runnerOf(client.userId)).not.toBe(part);
  const before = await allEvents(stack.database.db, runId);
  stack.thaw(part);
  // Long enough for a woken runner to do what it would do wrong.
  await pause(4_000);
  expect(await allEvents(stack.database.db, runId)).toEqual(before);
  await expectUndisturbed(runId, client.userId);
}, 120_000);

test("a runner that is asked to stop hands its runs to the other at once", async () => {
  const { runId, client } = await startBuilderRun(stack, REQUEST, "upgrade@example.org");
  await untilEvent(runId, (MOMENTS[2] as [string, Moment])[1]);
  await stack.restart(await runnerOf(client.userId));
  await untilReview(stack.database.db, runId);
  await expectUndisturbed(runId, client.userId);
}, 120_000);
