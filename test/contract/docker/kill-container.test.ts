import { afterAll, beforeAll, test } from "vitest";
import { connectEngine } from "#workspaces/drivers/docker/connect-engine.ts";
import {
  chooseSeed,
  killAtEachBoundary,
  killWithinEachKind,
  startTrial,
  type Trial,
  type Victim,
} from "../../support/kill-matrix.ts";
import { runState, until } from "../../support/runs.ts";
import type { ScriptedRun } from "../../support/scripted-builder.ts";
import { dockerDriver, ENGINE, whyNoDocker } from "./engine.ts";

/** The row of the matrix of kills in which the workspace is a container, and the engine is told to kill it. */

const reason = await whyNoDocker();
const SEED = chooseSeed();

let trial: Trial;

beforeAll(async () => {
  if (reason === null) trial = await startTrial({ env: ENGINE });
}, 240_000);

afterAll(async () => {
  if (!trial) return;
  const driver = dockerDriver({ home: trial.stack.home });
  // Also those that were killed last: they hold their disks.
  const { rows } = await trial.stack.database.db.pool.query<{ id: string }>("SELECT id FROM users");
  for (const { id } of rows) await driver.destroy(id);
  await trial.stop();
}, 120_000);

/** Nobody starts it again: whoever needs it does. Where nobody does any more there is nothing to kill. */
const container: Victim = {
  losesCalls: false,
  kill: (run) =>
    until("a container to kill, or the run's end", async () => {
      if (await killContainer(run)) return true;
      return (await runState(trial.stack.database.db, run.runId)).status === "awaiting_review";
    }),
  comeBack: async () => {},
};

/** Whether there was one to kill: not while it is down (409), or is being made (404). */
async function killContainer({ desk }: ScriptedRun): Promise<boolean> {
  try {
    await connectEngine(process.env.DOCKER_HOST).getContainer(`workspace-${desk.userId}`).kill();
    return true;
  } catch (error) {
    if ([404, 409].includes((error as { statusCode?: number }).statusCode ?? 0)) return false;
    throw error;
  }
}

test("the workspace's container killed at every step's end changes nothing of the run", async (context) => {
  if (reason !== null) context.skip(reason);
  await killAtEachBoundary(trial, container);
}, 300_000);

test(`the workspace's container killed within each kind of step changes nothing of the run (CARREL_KILL_SEED=${SEED})`, async (context) => {
  if (reason !== null) context.skip(reason);
  await killWithinEachKind(trial, container, SEED);
}, 300_000);
