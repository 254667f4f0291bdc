import { expect } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { allEvents } from "../../support/builder-runs.ts";
import type { Victim } from "../../support/kill-matrix.ts";
import { killSuite, testKills } from "../../support/kill-suite.ts";
import type { ScriptedRun } from "../../support/scripted-builder.ts";

const trial = killSuite(() => ({ parts: ["gateway", "runner", "web"] }));

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

testKills(trial, "web", web, expectTold);
