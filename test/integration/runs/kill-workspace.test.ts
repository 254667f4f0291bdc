import { afterAll, beforeAll, expect, test } from "vitest";
import {
  chooseSeed,
  killAtEachBoundary,
  killWithinEachKind,
  startTrial,
  type Trial,
  type Victim,
} from "../../support/kill-matrix.ts";
import { killSandboxes } from "../../support/stack.ts";

let trial: Trial;
const SEED = chooseSeed();

beforeAll(async () => {
  trial = await startTrial({});
}, 240_000);

afterAll(() => trial?.stop());

/** how many processes each kill has ended */
const struck: number[] = [];

/** Nobody starts it again: whoever needs it does. */
const workspace: Victim = {
  losesCalls: false,
  kill: async () => {
    struck.push(await killSandboxes(trial.stack.home));
  },
  comeBack: async () => {},
};

test("the workspace killed at every step's end changes nothing of the run", async () => {
  await killAtEachBoundary(trial, workspace);
  // At most of the moments there was something to end.
  expect(struck.filter((processes) => processes > 0).length).toBeGreaterThan(struck.length / 2);
}, 300_000);

test(`the workspace killed within each kind of step changes nothing of the run (CARREL_KILL_SEED=${SEED})`, async () => {
  await killWithinEachKind(trial, workspace, SEED);
}, 300_000);
