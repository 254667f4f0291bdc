import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { checkLedger } from "#ledger/check-ledger.ts";
import { type Correction, correctCall } from "#ledger/correct-call.ts";
import { NO_TOKENS } from "#ledger/cost.ts";
import { giveCredit } from "#ledger/credit.ts";
import { reserve } from "#ledger/reserve.ts";
import { capsFor, monthOf } from "#ledger/scopes.ts";
import { settle } from "#ledger/settle.ts";
import { newId } from "#platform/ids.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { makeTenant, type Tenant } from "../support/gateway.ts";
import { runNode } from "../support/run-node.ts";

/** What the ledger cannot know, the month of a call and what a credit was for, the operator has to say. */

let database: TestDatabase;
let tenant: Tenant;
const held = new Date();

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(async () => {
  await database.drop();
});

beforeEach(async () => {
  tenant = await makeTenant(database.db);
});

/** A call of 1000, held now. */
async function call(runId: string | null = tenant.runId): Promise<string> {
  const { userId } = tenant;
  const callId = newId();
  const bearer = { userId, agentId: runId && tenant.agentId, runId, stepKey: runId && "r1/plan" };
  const caps = capsFor(bearer, { run: null, agent: null, userMonth: null, siteMonth: null }, held);
  const { pool } = database.db;
  await reserve(pool, { callId, bearer, provider: "p", model: "m", amount: 1000, caps, ttlSeconds: 60 });
  const cost = { provider: 1000, charged: 1000 };
  await settle(pool, { callId, tokens: NO_TOKENS, cost, estimated: false, reason: null });
  return callId;
}

/** A call of 1000 that was written at that time, with 1000 spent in its month and in the one before. */
async function callWrittenAt(at: string): Promise<string> {
  const callId = newId();
  const { rows } = await database.db.pool.query<{ call_id: string }>(
    `WITH entries AS (
       INSERT INTO ledger_entries (user_id, call_id, at, provider, model, provider_cost_micro_usd, cost_micro_usd)
       SELECT $1, id, $3, 'p', 'm', 1000, 1000 FROM unnest(ARRAY[$2, 'other-' || $2]) AS id RETURNING call_id
     ), spent AS (
       INSERT INTO budgets (scope, spent_micro_usd)
       SELECT whose || month, 1000 FROM unnest(ARRAY['user:' || $1 || ':', 'site:']) AS whose,
         unnest(ARRAY['2026-02', '2026-03']) AS month
       ON CONFLICT (scope) DO UPDATE SET spent_micro_usd = budgets.spent_micro_usd + 1000
     ) SELECT call_id FROM entries`,
    [tenant.userId, callId, at],
  );
  expect(rows).toHaveLength(2);
  return callId;
}

const correct = (correction: Omit<Correction, "reason">) =>
  correctCall(database.db, { reason: "r", ...correction });

async function spent() {
  const { rows } = await database.db.pool.query<{ month: string; spent: number }>(
    `SELECT split_part(scope, ':', 3) AS month, spent_micro_usd AS spent FROM budgets WHERE scope LIKE $1`,
    [`user:${tenant.userId}:%`],
  );
  expect(await checkLedger(database.db.pool)).toEqual([]);
  return Object.fromEntries(rows.map((row) => [row.month, row.spent]));
}

it.each([
  ["2026-02", { "2026-02": 400, "2026-03": 1000 }],
  ["2026-03", { "2026-02": 1000, "2026-03": 400 }],
])(
  "a call written soon after a month's end is not corrected before its month is said: %s",
  async (month, left) => {
    const callId = await callWrittenAt("2026-03-01T00:59:59.999Z");
    const said = /of 2026-02 or of 2026-03.*--month 2026-02/;
    await expect(correct({ callId, charged: 400 })).rejects.toThrow(said);
    for (const wrong of ["2026-01", "2026-04", "March"]) {
      await expect(correct({ callId, charged: 400, month: wrong })).rejects.toMatchObject({
        code: "bad_request",
      });
    }
    expect(await spent()).toEqual({ "2026-02": 1000, "2026-03": 1000 });
    await correct({ callId, charged: 400, month });
    expect(await spent()).toEqual(left);
  },
);

it("later, it is the month in which it was written", async () => {
  const callId = await callWrittenAt("2026-03-01T01:00:00Z");
  await correct({ callId, charged: 400 });
  expect(await spent()).toEqual({ "2026-02": 1000, "2026-03": 400 });
});

it.each([
  ["the run, on the command line", true, true],
  ["the user, of a call in a run", true, false],
  ["the user, of a call without one", false, false],
])("is not lowered after a credit to %s, unless that was for something else", async (_to, inRun, toRun) => {
  const runId = inRun ? tenant.runId : null;
  const callId = await call(runId);
  await call(runId);
  const month = monthOf(held);
  const credit = { userId: tenant.userId, runId: toRun ? runId : null, amount: 1000, reason: "Of no use." };
  await giveCredit(database.db, credit, held);
  await expect(correct({ callId, charged: 0, month })).rejects.toThrow(/1000 micro-dollars at .*Of no use\./);
  expect(await spent()).toEqual({ [month]: 1000 });
  // What the provider billed is no money of the user's.
  await correct({ callId, provider: 1200, month });
  if (toRun) {
    const args = ["correct", callId, "--month", month, "--usd", "0", "--reason", "r"];
    const run = (...more: string[]) =>
      runNode(["src/carrel.ts", ...args, ...more], { DATABASE_URL: database.url });
    expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining("--despite-credits") });
    expect(await run("--despite-credits")).toMatchObject({ code: 0 });
  } else {
    await correct({ callId, charged: 0, month, despiteCredits: true });
  }
  expect(await spent()).toEqual({ [month]: 0 });
});

it("a credit to another run, or one from before, is in nobody's way", async () => {
  const { userId, runId } = tenant;
  await call();
  const callId = await call(null);
  await giveCredit(database.db, { userId, runId, amount: 500, reason: "r" }, held);
  await database.db.pool.query(
    `INSERT INTO ledger_entries (user_id, at, kind, provider, model, provider_cost_micro_usd, cost_micro_usd)
     VALUES ($1, '2026-01-01', 'credit', 'carrel', 'credit', 0, 0)`,
    [userId],
  );
  await correct({ callId, charged: 0, month: monthOf(held) });
  expect(await spent()).toEqual({ [monthOf(held)]: 500 });
});
