import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  chooseSeed,
  disturbed,
  killAtEachBoundary,
  killWithinEachKind,
  startTrial,
  step,
  type Trial,
  type Victim,
} from "../../support/kill-matrix.ts";
import { type OwnPostgres, startOwnPostgres } from "../../support/own-postgres.ts";

let postgres: OwnPostgres;
let trial: Trial;
const SEED = chooseSeed();
/** a machine that restarts, a part that is moved to another */
const AWAY_MS = 30_000;

beforeAll(async () => {
  postgres = await startOwnPostgres();
  trial = await startTrial({ database: postgres.database, parts: ["gateway", "runner", "web"] });
}, 240_000);

afterAll(() => trial?.stop());

const server: Victim = {
  losesCalls: true,
  kill: () => postgres.kill(),
  comeBack: () => postgres.restart(),
};

test("the database killed at every step's end changes nothing of the run", async () => {
  await killAtEachBoundary(trial, server);
}, 300_000);

test(`the database killed within each kind of step changes nothing of the run (CARREL_KILL_SEED=${SEED})`, async () => {
  await killWithinEachKind(trial, server, SEED);
}, 300_000);

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
