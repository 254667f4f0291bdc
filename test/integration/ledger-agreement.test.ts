import { afterAll, beforeAll, expect, it } from "vitest";
import { checkLedger } from "#ledger/check-ledger.ts";
import { NO_TOKENS } from "#ledger/cost.ts";
import { reserve } from "#ledger/reserve.ts";
import { capsFor } from "#ledger/scopes.ts";
import { settle } from "#ledger/settle.ts";
import { sweepReservations } from "#ledger/sweep-reservations.ts";
import { type Database, openDatabase } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { makeTenant, type Tenant } from "../support/gateway.ts";

/** Entries, reservations, budgets and runs agree, whatever is done to them at once and by how many. */

const SEED = 20261120;
const CAP = 2_000;

let database: TestDatabase;
let gateways: Database[];

beforeAll(async () => {
  database = await freshDatabase();
  gateways = [1, 2].map((n) => openDatabase(database.url, { max: 4, application: `gateway ${n}` }));
});

afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await database.drop();
});

/** The same sequence for the same seed (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

async function oneCall(tenant: Tenant, random: (below: number) => number): Promise<void> {
  const pool = (gateways[random(2)] as Database).pool;
  const { userId, agentId, runId } = tenant;
  const withRun = random(4) > 0;
  const bearer = {
    userId,
    agentId: withRun ? agentId : null,
    runId: withRun ? runId : null,
    stepKey: "r1/plan",
  };
  const limits = { run: CAP, agent: null, userMonth: 3 * CAP, siteMonth: null };
  const callId = newId();
  const amount = 1 + random(200);
  const [lost, released, charged] = [random(10) === 0, random(5) === 0, random(300)];
  const caps = capsFor(bearer, limits, new Date());
  const held = { callId, bearer, provider: "p", model: "m", amount, caps, ttlSeconds: lost ? -1 : 60 };
  const { reserved } = await reserve(pool, held);
  if (!reserved || lost) return;
  if (released) {
    await settle(pool, { callId, released: true });
    return;
  }
  const tokens = { ...NO_TOKENS, input: 1 };
  const settlement = { callId, tokens, cost: { provider: charged, charged }, estimated: false, reason: null };
  const [first, second] = await Promise.all([settle(pool, settlement), settle(pool, settlement)]);
  expect([first, second].filter((due) => due !== null).length, "settled once").toBe(1);
}

it("a thousand calls of two gateways, some lost, some released, some clipped: every sum agrees and no cap is passed", async () => {
  const random = randomFrom(SEED);
  const tenants = await Promise.all(Array.from({ length: 5 }, () => makeTenant(database.db)));
  let calls = 0;
  const worker = async () => {
    while (calls < 1000) {
      calls += 1;
      await oneCall(tenants[random(tenants.length)] as Tenant, random);
    }
  };
  await Promise.all([...Array.from({ length: 24 }, worker), sweepReservations(database.db.pool)]);
  expect(await checkLedger(database.db.pool), "with reservations still held").toEqual([]);
  await sweepReservations(database.db.pool);
  expect(await checkLedger(database.db.pool)).toEqual([]);
  const { rows } = await database.db.pool.query<{ over: number; held: number; refused: number }>(
    `SELECT (SELECT count(*) FROM runs WHERE cost_micro_usd > $1) AS over, (SELECT count(*) FROM reservations) AS held`,
    [CAP],
  );
  expect(rows[0]).toEqual({ over: 0, held: 0 });
});

it("the check finds what does not agree", async () => {
  const { rows } = await database.db.pool.query<{ scope: string }>(
    `UPDATE budgets SET spent_micro_usd = spent_micro_usd + 1, reserved_micro_usd = 1
     WHERE scope = (SELECT min(scope) FROM budgets WHERE scope LIKE 'agent:%') RETURNING scope`,
  );
  const found = await checkLedger(database.db.pool);
  expect(found.map(({ scope, what }) => ({ scope, what }))).toEqual([
    { scope: rows[0]?.scope, what: "reserved" },
    { scope: rows[0]?.scope, what: "spent" },
  ]);
});
