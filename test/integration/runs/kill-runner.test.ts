import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { allEvents, untilReview } from "../../support/builder-runs.ts";
import {
  chooseSeed,
  disturbed,
  killAtEachBoundary,
  killWithinEachKind,
  step,
  type Victim,
} from "../../support/kill-matrix.ts";
import { killSuite } from "../../support/kill-suite.ts";
import { runnerOf } from "../../support/runner-of.ts";
import { runState } from "../../support/runs.ts";
import type { StackPart } from "../../support/stack.ts";

const trial = killSuite(() => ({ runners: 2 }));
const SEED = chooseSeed();

/** Whichever of the two has the run. The other goes on with it. */
function theRunner(): Victim {
  let part: StackPart = "runner";
  return {
    losesCalls: false,
    async kill({ desk }) {
      part = await runnerOf(trial.stack, desk.userId);
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
      const part = await runnerOf(trial.stack, desk.userId);
      trial.stack.freeze(part);
      await untilReview(db, runId);
      expect(await runnerOf(trial.stack, desk.userId)).not.toBe(part);
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
    kill: async ({ desk }) => trial.stack.restart(await runnerOf(trial.stack, desk.userId)),
    comeBack: async () => {},
  };
  await disturbed(trial, stopped, async (watch, strike) => {
    await watch.until(step("r1/write:sign.js", "done"));
    await strike();
  });
}, 120_000);
