import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { checkLedger } from "#ledger/check-ledger.ts";
import { NO_TOKENS } from "#ledger/cost.ts";
import { type HoldOutcome, Holds } from "#ledger/holds.ts";
import { capsFor } from "#ledger/scopes.ts";
import type { Settlement } from "#ledger/settle.ts";
import { sweepReservations } from "#ledger/sweep-reservations.ts";
import { type Database, openDatabase } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { eraseUser, makeTenant, readMoney, type Tenant } from "../support/gateway.ts";

/** Money that is taken from caps ahead of the calls: never more than the caps, and nothing is lost in between. */

let database: TestDatabase;
let processes: { db: Database; holds: Holds }[];
let tenant: Tenant;

const WORST = 100;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(async () => {
  await database.drop();
});

beforeEach(async () => {
  processes = [1, 2].map((n) => {
    const db = openDatabase(database.url, { max: 4, application: `gateway ${n}` });
    return {
      db,
      holds: new Holds(db.pool, (error) => {
        throw error;
      }),
    };
  });
  tenant = await makeTenant(database.db);
});

afterEach(async () => {
  for (const { db, holds } of processes) {
    await holds.close();
    await db.close();
  }
});

function holdsOf(n: number): Holds {
  return (processes[n % processes.length] as (typeof processes)[number]).holds;
}

function hold(
  holds: Holds,
  options: { who?: Tenant; cap?: number | null; site?: number; amount?: number } = {},
): Promise<HoldOutcome> {
  const { who = tenant, cap = null, site = null, amount = WORST } = options;
  const { userId, agentId, runId } = who;
  const bearer = { userId, agentId, runId, stepKey: "r1/plan" };
  const limits = { run: cap, agent: null, userMonth: null, siteMonth: site };
  const caps = capsFor(bearer, limits, new Date());
  const request = {
    callId: newId(),
    bearer,
    provider: "p",
    model: 'm "quoted" \\',
    amount,
    caps,
    ttlSeconds: 60,
  };
  return holds.hold(request, false);
}

function settlement(outcome: HoldOutcome & { reserved: true }, charged: number): Settlement {
  const { callId } = outcome.hold.request;
  const tokens = { ...NO_TOKENS, input: 7 };
  return { callId, tokens, cost: { provider: charged, charged }, estimated: false, reason: null };
}

/** One call; null: it was refused. */
async function call(
  holds: Holds,
  charged: number,
  options: Parameters<typeof hold>[1] = {},
): Promise<number | null> {
  const outcome = await hold(holds, options);
  if (!outcome.reserved) return null;
  return holds.settle(outcome.hold, settlement(outcome, charged));
}

async function reservationsOf(who: Tenant): Promise<{ id: string; amount: number }[]> {
  const { rows } = await database.db.pool.query<{ id: string; amount: number }>(
    `SELECT id, amount_micro_usd AS amount FROM reservations WHERE user_id = $1`,
    [who.userId],
  );
  return rows;
}

async function siteSpent(): Promise<number> {
  const { rows } = await database.db.pool.query<{ spent: number }>(
    `SELECT coalesce(sum(spent_micro_usd), 0)::bigint AS spent FROM budgets WHERE scope LIKE 'site:%'`,
  );
  return rows[0]?.spent ?? 0;
}

it("a caller that calls again and again is held within one reservation, and every entry is written as if by itself", async () => {
  await call(holdsOf(0), 10);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => hold(holdsOf(0))));
  const drawn = outcomes.filter((outcome) => outcome.reserved && outcome.hold.allowance);
  expect(drawn.length).toBeGreaterThan(15);
  expect((await reservationsOf(tenant)).length).toBeLessThan(6);
  expect(await checkLedger(database.db.pool), "while all is held").toEqual([]);
  await Promise.all(
    outcomes.map((outcome, n) => outcome.reserved && holdsOf(0).settle(outcome.hold, settlement(outcome, n))),
  );
  expect(await checkLedger(database.db.pool), "with some of it lying ready").toEqual([]);
  const money = await readMoney(database.db, tenant);
  const sum = 10 + (19 * 20) / 2;
  expect(money).toMatchObject({ reservations: 0, runCost: sum, stepCost: sum });
  expect(money.entries).toHaveLength(21);
  expect(money.entries.at(-1)).toMatchObject({
    kind: "call",
    provider: "p",
    model: 'm "quoted" \\',
    agent_id: tenant.agentId,
    run_id: tenant.runId,
    step_key: "r1/plan",
    input_tokens: 7,
    estimated: false,
    reason: null,
  });
  for (const scope of ["run", "agent", "user"]) {
    expect(money.budgets[scope], scope).toEqual({ spent: sum, reserved: 0 });
  }
});

it("two processes never pass a cap, and one call after the other uses it up to less than one call", async () => {
  const cap = 40 * WORST + 7;
  let most = 0;
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const { rows } = await database.db.pool.query<{ sum: number }>(
        `SELECT spent_micro_usd + reserved_micro_usd AS sum FROM budgets WHERE scope = $1`,
        [`run:${tenant.runId}`],
      );
      most = Math.max(most, rows[0]?.sum ?? 0);
    }
  })();
  await Promise.all(Array.from({ length: 64 }, (_, n) => call(holdsOf(n), n % 90, { cap })));
  let refusals = 0;
  // A refusal may come from what the other process has ready: it is told, and the next try finds it given back.
  for (let n = 0; refusals < 6; n += 1) {
    if ((await call(holdsOf(n), 33, { cap })) !== null) refusals = 0;
    else {
      refusals += 1;
      for (const { holds } of processes) holds.recall(`run:${tenant.runId}`);
      await delay(20);
    }
  }
  watching = false;
  await watch;
  const { runCost } = await readMoney(database.db, tenant);
  expect(most).toBeLessThanOrEqual(cap);
  expect(runCost).toBeLessThanOrEqual(cap);
  expect(cap - runCost).toBeLessThan(WORST);
});

it("never more is charged than a call held, and the entry says so", async () => {
  await call(holdsOf(0), 1);
  expect(await call(holdsOf(0), 5 * WORST)).toBe(WORST);
  const { entries } = await readMoney(database.db, tenant);
  expect(entries[1]).toMatchObject({ cost_micro_usd: WORST, provider_cost_micro_usd: 5 * WORST });
  expect(entries[1]?.reason).toMatch(/more than this call could use/);
});

it("what a process had ready when it died is the platform's cost, and the user pays what was written", async () => {
  await call(holdsOf(0), 10);
  const [first, dying] = await Promise.all([hold(holdsOf(0)), hold(holdsOf(0))]);
  if (!first.reserved || !dying.reserved) throw new Error("there is no cap here");
  expect(dying.hold.allowance).toBeTruthy();
  await holdsOf(0).settle(first.hold, settlement(first, 20));
  await database.db.pool.query(`UPDATE reservations SET expires_at = now() - interval '1 s'`);
  await sweepReservations(database.db.pool);
  expect(await checkLedger(database.db.pool)).toEqual([]);
  const money = await readMoney(database.db, tenant);
  expect(money).toMatchObject({ reservations: 0, runCost: 30 });
  expect(money.entries.at(-1)).toMatchObject({ cost_micro_usd: 0, estimated: true });
  expect(Number(money.entries.at(-1)?.provider_cost_micro_usd)).toBeGreaterThanOrEqual(WORST);
  // It was not dead, only slow: what it wants to write now counts no more, and holds up nobody else's.
  const other = await makeTenant(database.db);
  await call(holdsOf(0), 1, { who: other });
  const [late, another] = await Promise.all([
    holdsOf(0).settle(dying.hold, settlement(dying, 50)),
    call(holdsOf(0), 2, { who: other }),
  ]);
  expect([late, another]).toEqual([null, 2]);
  expect((await readMoney(database.db, tenant)).runCost).toBe(30);
  expect(await checkLedger(database.db.pool)).toEqual([]);
});

it("gateways that die with much lying ready take from the site's cap what was in use, and others get through", async () => {
  const before = await siteSpent();
  const site = before + 200_000;
  const callers = await Promise.all(Array.from({ length: 6 }, () => makeTenant(database.db)));
  for (const who of callers) {
    for (let round = 0; round < 2; round += 1) {
      await Promise.all(Array.from({ length: 64 }, () => call(holdsOf(0), 1, { who, site })));
    }
  }
  await holdsOf(0).renew(60);
  await holdsOf(0).renew(60);
  const paid = await siteSpent();
  const dying = callers.flatMap((who) => [1, 2, 3].map(() => hold(holdsOf(0), { who, site })));
  expect((await Promise.all(dying)).filter(({ reserved }) => reserved)).toHaveLength(18);
  const ready = (await Promise.all(callers.map(reservationsOf))).flat();
  const reserved = ready.reduce((sum, { amount }) => sum + amount, 0);
  const underWay = 18 * WORST;
  expect(reserved, "what lies ready is much more than what is in use").toBeGreaterThan(10 * underWay);

  await database.db.pool.query(`UPDATE reservations SET expires_at = now() - interval '1 s'`);
  await sweepReservations(database.db.pool);
  expect(await checkLedger(database.db.pool)).toEqual([]);
  const lost = (await siteSpent()) - paid;
  expect(lost).toBeGreaterThanOrEqual(underWay);
  expect(lost).toBeLessThanOrEqual(2 * underWay);
  // All that is left of the cap is there for others, one call at a time.
  const left = site - paid - lost;
  expect(await call(holdsOf(1), 1, { site, amount: left + 1 })).toBeNull();
  expect(await call(holdsOf(1), 1, { site, amount: left })).toBe(1);
});

it("at no moment is more of an allowance in use than its row says, while it is raised and renewed", async () => {
  const held = new Map<string, string>();
  let working = true;
  const renewing = (async () => {
    while (working) {
      await holdsOf(0).renew(60);
      await delay(5);
    }
  })();
  let compared = 0;
  const watching = (async () => {
    while (working) {
      const then = new Map(held);
      const { rows } = await database.db.pool.query<{ id: string; drawable: number }>(
        `SELECT id, drawable_micro_usd AS drawable FROM reservations WHERE drawable_micro_usd IS NOT NULL`,
      );
      for (const { id, drawable } of rows) {
        const all = [...then].filter(([callId, allowance]) => allowance === id && held.has(callId));
        expect(drawable).toBeGreaterThanOrEqual(all.length * WORST);
        if (all.length > 0) compared += 1;
      }
    }
  })();
  const one = async (n: number) => {
    for (let round = 0; round < 12; round += 1) {
      const outcome = await hold(holdsOf(0));
      if (!outcome.reserved) throw new Error("there is no cap here");
      const { request, allowance } = outcome.hold;
      if (allowance) held.set(request.callId, allowance.id);
      await delay((n * 7 + round * 13) % 40);
      held.delete(request.callId);
      await holdsOf(0).settle(outcome.hold, settlement(outcome, n));
    }
  };
  await Promise.all(Array.from({ length: 48 }, (_, n) => one(n)));
  working = false;
  await Promise.all([renewing, watching]);
  expect(compared).toBeGreaterThan(0);
  expect(await checkLedger(database.db.pool)).toEqual([]);
});

it("a user who is erased in mid-call does not keep the others' entries from being written", async () => {
  const other = await makeTenant(database.db);
  for (const who of [tenant, other]) await call(holdsOf(0), 1, { who });
  const calls = await Promise.all([tenant, other].map((who) => hold(holdsOf(0), { who })));
  await eraseUser(database.db, tenant);
  const charged = await Promise.all(
    calls.map((outcome) => outcome.reserved && holdsOf(0).settle(outcome.hold, settlement(outcome, 5))),
  );
  expect(charged).toEqual([null, 5]);
  expect((await readMoney(database.db, other)).runCost).toBe(6);
});

it("a call that came to nothing gives back what it held, and no entry is left", async () => {
  await call(holdsOf(0), 1);
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => hold(holdsOf(0))));
  await Promise.all(outcomes.map((outcome) => outcome.reserved && holdsOf(0).release(outcome.hold)));
  expect(await readMoney(database.db, tenant)).toMatchObject({ reservations: 0, runCost: 1 });
});

it("a limit that is lowered holds for the next call, whatever lies ready under the old one", async () => {
  for (let n = 0; n < 4; n += 1) await call(holdsOf(0), 10, { cap: 100_000 });
  expect(await call(holdsOf(0), 10, { cap: 50 })).toBeNull();
});
