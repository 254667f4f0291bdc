import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allEvents, untilReview } from "../../support/builder-runs.ts";
import {
  chooseSeed,
  disturbed,
  killAtEachBoundary,
  killWithinEachKind,
  startTrial,
  step,
  type Trial,
  type Victim,
} from "../../support/kill-matrix.ts";
import { runState } from "../../support/runs.ts";
import type { StackPart } from "../../support/stack.ts";

let trial: Trial;
const SEED = chooseSeed();

beforeAll(async () => {
  trial = await startTrial({ runners: 2 });
}, 240_000);

afterAll(() => trial?.stop());

/** The part whose runner executes this user's runs. */
async function runnerOf(userId: string): Promise<StackPart> {
  const { rows } = await trial.stack.database.db.pool.query<{ address: string }>(
    "SELECT address FROM workspaces WHERE user_id = $1",
    [userId],
  );
  const index = trial.stack.runnerUrls.indexOf(rows[0]?.address ?? "");
  if (index < 0) throw new Error(`no runner at ${rows[0]?.address}`);
  return index === 0 ? "runner" : `runner${index}`;
}

/** Whichever of the two has the run. The other goes on with it. */
function theRunner(): Victim {
  let part: StackPart = "runner";
  return {
    losesCalls: false,
    async kill({ desk }) {
      part = await runnerOf(desk.userId);
      await trial.stack.kill(part);
    },
    comeBack: () => trial.stack.restart(part),
  };
}

test("the runner killed at every step's end changes nothing of the run", async () => {
  const { runId } = await killAtEachBoundary(trial, theRunner());
  // Other executions went on with it, again and again. Not one for each kill: steps may end while one is killed.
  const { fence } = await runState(trial.stack.database.db, runId);
  expect(fence).toBeGreaterThan(2);
}, 300_000);

test(`the runner killed within each kind of step changes nothing of the run (CARREL_KILL_SEED=${SEED})`, async () => {
  await killWithinEachKind(trial, theRunner(), SEED);
}, 300_000);

test("a runner frozen past its lease and woken changes nothing", async () => {
  const { db } = trial.stack.database;
  let before: unknown;
  const frozen: Victim = {
    losesCalls: false,
    async kill({ desk, runId }) {
      const part = await runnerOf(desk.userId);
      trial.stack.freeze(part);
      await untilReview(db, runId);
      expect(await runnerOf(desk.userId)).not.toBe(part);
      before = await allEvents(db, runId);
      trial.stack.thaw(part);
    },
    // Long enough for a woken runner to do what it would do wrong.
    comeBack: () => pause(4_000),
  };
  const { runId } = await disturbed(trial, frozen, async (watch, strike) => {
    await watch.until(
      ({ type, ...event }) => type === "output" && "step" in event && event.step === "r1/write:sign.js",
    );
    await strike();
  });
  expect(await allEvents(db, runId)).toEqual(before);
}, 120_000);

test("a runner that is asked to stop hands its runs to the other at once", async () => {
  const stopped: Victim = {
    losesCalls: false,
    kill: async ({ desk }) => trial.stack.restart(await runnerOf(desk.userId)),
    comeBack: async () => {},
  };
  await disturbed(trial, stopped, async (watch, strike) => {
    await watch.until(step("r1/write:sign.js", "done"));
    await strike();
  });
}, 120_000);
