import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { disturbed, step, type Victim } from "../../support/kill-matrix.ts";
import { killSuite, testKills } from "../../support/kill-suite.ts";
import { type OwnPostgres, startOwnPostgres } from "../../support/own-postgres.ts";

let postgres: OwnPostgres;
/** a machine that restarts, a part that is moved to another */
const AWAY_MS = 30_000;

const trial = killSuite(async () => {
  postgres = await startOwnPostgres();
  return { database: postgres.database, parts: ["gateway", "runner", "web"] };
});

const server: Victim = {
  losesCalls: true,
  kill: () => postgres.kill(),
  comeBack: () => postgres.restart(),
};

testKills(trial, "the database", server);

test("a run outlives gateway, web and database that are away for half a minute", async () => {
  const { stack } = trial;
  const away = (victim: Victim): Victim => ({
    ...victim,
    comeBack: async () => {
      await pause(AWAY_MS);
      await victim.comeBack();
    },
  });
  const gatewayAndWeb = away({
    losesCalls: true,
    kill: async () => void (await Promise.all([stack.kill("gateway"), stack.kill("web")])),
    comeBack: async () => void (await Promise.all([stack.restart("gateway"), stack.restart("web")])),
  });
  await disturbed(trial, gatewayAndWeb, async (watch, strike) => {
    await watch.until(step("r1/write:add.js", "running"));
    await strike();
  });
  await disturbed(trial, away(server), async (watch, strike) => {
    await watch.until(step("r1/repair:1", "running"));
    await strike();
  });
  expect((await fetch(`${stack.webUrl}/readyz`)).status).toBe(200);
}, 300_000);
