import { afterAll, beforeAll, test } from "vitest";
import {
  chooseSeed,
  killAtEachBoundary,
  killWithinEachKind,
  startTrial,
  type Trial,
  type Victim,
} from "./kill-matrix.ts";
import type { ScriptedRun } from "./scripted-builder.ts";
import type { StackOptions } from "./stack.ts";

/** For a file of tests: a stack whose parts are killed, and a run in it that nobody disturbed. */
export function killSuite(options: () => StackOptions | Promise<StackOptions> = () => ({})): Trial {
  const trial = {} as Trial;
  beforeAll(async () => {
    Object.assign(trial, await startTrial(await options()));
  }, 240_000);
  // There is nothing to stop where the start failed.
  afterAll(() => trial.stop?.());
  return trial;
}

/** What every victim has to pass; `alsoHolds` looks at the run that it was killed under. */
export function testKills(
  trial: Trial,
  name: string,
  victim: Victim,
  alsoHolds: (run: ScriptedRun) => Promise<void> = async () => {},
): void {
  const seed = chooseSeed();

  test(`${name} killed at every step's end changes nothing of the run`, async () => {
    await alsoHolds(await killAtEachBoundary(trial, victim));
  }, 300_000);

  test(`${name} killed within each kind of step changes nothing of the run (CARREL_KILL_SEED=${seed})`, async () => {
    await alsoHolds(await killWithinEachKind(trial, victim, seed));
  }, 300_000);
}
