import { afterAll, beforeAll, expect, test } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { allEvents } from "../../support/builder-runs.ts";
import {
  chooseSeed,
  killAtEachBoundary,
  killWithinEachKind,
  startTrial,
  type Trial,
  type Victim,
} from "../../support/kill-matrix.ts";
import type { ScriptedRun } from "../../support/scripted-builder.ts";

let trial: Trial;
const SEED = chooseSeed();

beforeAll(async () => {
  trial = await startTrial({ parts: ["gateway", "runner", "web"] });
}, 240_000);

afterAll(() => trial?.stop());

/** A run does not wait for web: its model does, so that web is there to be killed at the next moment. */
const web: Victim = {
  losesCalls: false,
  kill: () => trial.stack.kill("web"),
  comeBack: () => trial.story.holding(() => trial.stack.restart("web")),
};

async function expectTold({ desk, runId }: ScriptedRun): Promise<void> {
  const { webUrl, database } = trial.stack;
  const { email } = await database.db.prisma.user.findUniqueOrThrow({ where: { id: desk.userId } });
  const client = await apiClient(webUrl, database.db, email as string);
  const { body } = await client.call("GET", `/runs/${runId}/events?after=0`);
  expect(body.events).toEqual(await allEvents(database.db, runId));
}

test("web killed at every step's end changes nothing of the run", async () => {
  await expectTold(await killAtEachBoundary(trial, web));
}, 300_000);

test(`web killed within each kind of step changes nothing of the run (CARREL_KILL_SEED=${SEED})`, async () => {
  await expectTold(await killWithinEachKind(trial, web, SEED));
}, 300_000);
