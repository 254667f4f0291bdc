import { afterAll, beforeAll, test } from "vitest";
import {
  chooseSeed,
  killAtEachBoundary,
  killWithinEachKind,
  startTrial,
  type Trial,
  type Victim,
} from "../../support/kill-matrix.ts";

let trial: Trial;
const SEED = chooseSeed();

beforeAll(async () => {
  trial = await startTrial({});
}, 240_000);

afterAll(() => trial?.stop());

const gateway: Victim = {
  losesCalls: true,
  kill: () => trial.stack.kill("gateway"),
  comeBack: () => trial.stack.restart("gateway"),
};

test("the gateway killed at every step's end changes nothing of the run", async () => {
  await killAtEachBoundary(trial, gateway);
}, 300_000);

test(`the gateway killed within each kind of step changes nothing of the run (CARREL_KILL_SEED=${SEED})`, async () => {
  await killWithinEachKind(trial, gateway, SEED);
}, 300_000);
