import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { RunEvent } from "#events/vocabulary.ts";
import { type ScriptedModel, startScriptedModel } from "../fakes/scripted-model.ts";
import { allEvents, charges, essence, reviewTree, untilReview } from "./builder-runs.ts";
import { KINDS, type Story, tellStory } from "./kill-story.ts";
import { slotsHeld, until } from "./runs.ts";
import { type ScriptedRun, startRun, startScriptedStack } from "./scripted-builder.ts";
import { seeded } from "./seeded.ts";
import type { Stack, StackOptions } from "./stack.ts";
import { type RunWatch, watchRun } from "./watch-run.ts";

/** One part of a stack, as something that is killed and comes back. */
export interface Victim {
  /** kill -9; gone when it resolves */
  kill(run: ScriptedRun): Promise<void>;
  /** up again when it resolves */
  comeBack(): Promise<void>;
  /** a call may be made again when it is killed under it: it is what makes calls, or what remembers them */
  losesCalls: boolean;
}

export interface Trial {
  stack: Stack;
  model: ScriptedModel;
  story: Story;
  undisturbed: Outcome;
  stop(): Promise<void>;
}

/** What must be the same, whatever was killed. */
interface Outcome {
  tree: string;
  essence: string[];
  charges: Record<string, number>;
  asked: Record<string, number>;
  /** its finished steps, in the order in which they ended, and how long each took (ms) */
  steps: Map<string, number>;
}

/** A stack, and a run in it that nobody disturbs. */
export async function startTrial(options: StackOptions): Promise<Trial> {
  const model = await startScriptedModel();
  const stack = await startScriptedStack(model, options);
  const story = tellStory(model);
  const run = await startRun(stack);
  await untilReview(stack.database.db, run.runId);
  const undisturbed = await outcomeOf(stack, story, run);
  const stop = async () => {
    await stack.stop();
    await model.close();
  };
  return { stack, model, story, undisturbed, stop };
}

async function outcomeOf(
  { database: { db } }: Stack,
  story: Story,
  { runId }: ScriptedRun,
): Promise<Outcome> {
  const events = await allEvents(db, runId);
  const done = events.flatMap((event) =>
    event.type === "step" && event.status === "done" ? [[event.key, event.durationMs ?? 0] as const] : [],
  );
  return {
    tree: await reviewTree(db, runId),
    essence: essence(events),
    charges: await charges(db, runId),
    asked: story.asked(),
    steps: new Map(done),
  };
}

type Moment = (event: RunEvent) => boolean;

const begun: Moment = (event) => event.type === "run_status" && event.status === "running";
export const step =
  (key: string, status: string): Moment =>
  (event) =>
    event.type === "step" && event.key === key && event.status === status;

/** One run in which the victim is killed as soon as the run has begun, and as soon as each of its steps is done. */
export async function killAtEachBoundary(trial: Trial, victim: Victim): Promise<ScriptedRun> {
  const moments = [begun, ...[...trial.undisturbed.steps.keys()].map((key) => step(key, "done"))];
  return disturbed(trial, victim, async (watch, strike) => {
    for (const moment of moments) {
      await watch.until(moment);
      await strike();
    }
  });
}

/** One run in which the victim is killed somewhere within one step of each kind. */
export async function killWithinEachKind(trial: Trial, victim: Victim, seed: number): Promise<ScriptedRun> {
  const chance = seeded(seed);
  return disturbed(trial, victim, async (watch, strike) => {
    for (const [, steps] of KINDS) {
      const key = steps[Math.floor(chance() * steps.length)] as string;
      await watch.until(step(key, "running"));
      await pause(chance() * (trial.undisturbed.steps.get(key) ?? 0));
      await strike();
    }
  });
}

type Disturb = (watch: RunWatch, strike: () => Promise<void>) => Promise<void>;

/** One run, disturbed as `disturb` says with `strike`, and held against the one that nobody disturbed. */
export async function disturbed(trial: Trial, victim: Victim, disturb: Disturb): Promise<ScriptedRun> {
  const { stack, story } = trial;
  story.begin();
  const run = await startRun(stack);
  const watch = await watchRun(stack.database, run.runId);
  const kills: number[] = [];
  const strike = async () => {
    kills.push(Date.now());
    await victim.kill(run);
    await victim.comeBack();
  };
  try {
    await disturb(watch, strike);
  } finally {
    await watch.close();
  }
  await untilReview(stack.database.db, run.runId);
  await expectUndisturbed(trial, run, victim.losesCalls ? kills : []);
  return run;
}

/** `kills`: when (ms) something was killed that can lose a call */
async function expectUndisturbed(trial: Trial, run: ScriptedRun, kills: number[]): Promise<void> {
  const { stack, story, undisturbed } = trial;
  const { db } = stack.database;
  const events = await allEvents(db, run.runId);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const outcome = await outcomeOf(stack, story, run);
  expect(outcome.essence).toEqual(undisturbed.essence);
  expect(outcome.tree).toBe(undisturbed.tree);
  expect(outcome.charges).toEqual(undisturbed.charges);
  expect(Object.keys(outcome.asked)).toEqual(Object.keys(undisturbed.asked));
  for (const [key, calls] of Object.entries(outcome.asked))
    expect(calls, `calls of ${key}`).toBeLessThanOrEqual(1 + killsWithin(events, key, kills));
  expect(await slotsHeld(db, run.desk.userId)).toBe(0);
  // What a gateway held when it died is given back: by the call that took the key over, or when it lapses.
  await until("nothing is held", async () => (await reservationsOf(trial, run)) === 0, 90_000);
}

function killsWithin(events: RunEvent[], key: string, kills: number[]): number {
  const at = (status: string) => Date.parse(events.find(step(key, status))?.at as string);
  return kills.filter((kill) => kill >= at("running") && kill <= at("done")).length;
}

async function reservationsOf({ stack }: Trial, { desk }: ScriptedRun): Promise<number> {
  const held = await stack.database.db.pool.query("SELECT FROM reservations WHERE user_id = $1", [
    desk.userId,
  ]);
  return held.rowCount as number;
}

/** Another in each run of the tests, unless one is asked for again. */
export function chooseSeed(): number {
  return Number(process.env.CARREL_KILL_SEED ?? Date.now() % 1_000_000);
}
