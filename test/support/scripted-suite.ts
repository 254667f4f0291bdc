import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { RunEvent } from "#events/vocabulary.ts";
import type { Database } from "#platform/db.ts";
import { answerReview } from "#runs/answer-review.ts";
import type { RunView } from "#runs/read-run.ts";
import { type ScriptedModel, startScriptedModel } from "../fakes/scripted-model.ts";
import { allEvents, charges } from "./builder-runs.ts";
import { addAgent, type Desk, makeDesk, slotsHeld } from "./runs.ts";
import {
  follow,
  GOOD_FILES,
  GOOD_PLAN,
  planned,
  resultFiles,
  type ScriptedRun,
  settled,
  startRun,
  startScriptedStack,
} from "./scripted-builder.ts";
import type { Stack, StackOptions } from "./stack.ts";

/** A run of the agent that is named, or of another one of the file's user. */
type RunSettings = { ceilingMicroUsd?: number } & (
  | { of?: Desk; policy?: undefined }
  | { of?: undefined; policy: object }
);

type Answer = { decision: "approve" | "reject" } | { decision: "request_changes"; comment: string };

export interface ScriptedSuite {
  model: ScriptedModel;
  stack: Stack;
  db: Database;
  /** Another agent of the user that the file has: one workspace has to start, and not one for each test. */
  newDesk(policy?: object): Promise<Desk>;
  start(settings?: RunSettings): Promise<ScriptedRun>;
  settled(run: ScriptedRun, withinMs?: number): Promise<RunView>;
  answer(run: ScriptedRun, answer: Answer): Promise<void>;
  events(run: ScriptedRun): Promise<RunEvent[]>;
  /** how many runs of its user hold a place */
  slotsHeld(run: ScriptedRun): Promise<number>;
  /** how often each step's calls were charged */
  charges(run: ScriptedRun): Promise<Record<string, number>>;
  /** the files of a run's result, which must be there */
  files(run: ScriptedRun, treeHash: string | null | undefined): Promise<Record<string, string>>;
  /** where the local driver keeps the agent's files */
  directoryOf(desk: Desk): string;
  /** An agent that has made the adder and these files, and whose result was approved; nothing of it is in `questions`. */
  agentWith(files: Record<string, string>): Promise<Desk>;
}

/**
 * For a file of tests: the real gateway and runner, with a database of their own and a model that the tests write. Each
 * test begins with a model that nobody has asked and that makes the adder.
 */
export function scriptedSuite(options: StackOptions = {}): ScriptedSuite {
  let user: string | undefined;
  const suite = {
    async newDesk(policy) {
      user ??= (await makeDesk(suite.db, { agents: 0 })).userId;
      return { userId: user, agents: [await addAgent(suite.db, user, policy)] };
    },
    async start({ policy, of, ceilingMicroUsd } = {}) {
      return startRun(suite.stack, {}, of ?? (await suite.newDesk(policy)), ceilingMicroUsd);
    },
    settled: (run, withinMs) => settled(suite.stack, run, withinMs),
    async answer({ desk, runId }, answer) {
      await answerReview(suite.db, { userId: desk.userId, runId, ...answer });
    },
    events: ({ runId }) => allEvents(suite.db, runId),
    slotsHeld: ({ desk }) => slotsHeld(suite.db, desk.userId),
    charges: ({ runId }) => charges(suite.db, runId),
    async files({ desk, runId }, treeHash) {
      if (typeof treeHash !== "string") throw new Error(`run ${runId} has no result`);
      return resultFiles(suite.stack, desk, treeHash);
    },
    directoryOf: ({ userId, agents }) =>
      path.join(suite.stack.home, "workspaces", userId, "data", `agent-${agents[0]}`),
    async agentWith(files) {
      const own = Object.keys(files).filter((name) => !(name in GOOD_FILES));
      const plan = { ...GOOD_PLAN, files: [...GOOD_PLAN.files, ...own.map((name) => planned(name))] };
      suite.model.script = follow({ plan, files });
      const run = await suite.start();
      const { review } = await suite.settled(run);
      expect(review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 0 });
      await suite.answer(run, { decision: "approve" });
      suite.model.questions = [];
      return run.desk;
    },
  } as ScriptedSuite;

  beforeAll(async () => {
    suite.model = await startScriptedModel();
    suite.stack = await startScriptedStack(suite.model, options);
    suite.db = suite.stack.database.db;
  }, 240_000);

  afterAll(async () => {
    await suite.stack?.stop();
    await suite.model?.close();
  });

  beforeEach(() => {
    suite.model.questions = [];
    suite.model.script = follow({});
  });

  return suite;
}
