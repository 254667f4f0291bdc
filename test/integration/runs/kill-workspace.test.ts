import { afterAll, beforeAll, test } from "vitest";
import {
  chooseSeed,
  killAtEachBoundary,
  killWithinEachKind,
  startTrial,
  type Trial,
  type Victim,
} from "../../support/kill-matrix.ts";
import { runState, until } from "../../support/runs.ts";
import { killSandboxes } from "../../support/stack.ts";

let trial: Trial;
const SEED = chooseSeed();

beforeAll(async () => {
  trial = await startTrial({});
}, 240_000);

afterAll(() => trial?.stop());

/**
 * Nobody starts it again: whoever needs it does. Where it is down it is killed in the middle of its next start, unless
 * the run comes to its end without it.
 */
const workspace: Victim = {
  losesCalls: false,
  kill: ({ runId }) =>
    until("a process to kill, or the run's end", async () => {
      if ((await killSandboxes(trial.stack.home)) > 0) return true;
      return (await runState(trial.stack.database.db, runId)).status === "awaiting_review";
    }),
  comeBack: async () => {},
};

test("the workspace killed at every step's end changes nothing of the run", async () => {
  await killAtEachBoundary(trial, workspace);
}, 300_000);

test(`the workspace killed within each kind of step changes nothing of the run (CARREL_KILL_SEED=${SEED})`, async () => {
  await killWithinEachKind(trial, workspace, SEED);
}, 300_000);
