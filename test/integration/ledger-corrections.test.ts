import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { checkLedger } from "#ledger/check-ledger.ts";
import { type Correction, correctCall } from "#ledger/correct-call.ts";
import { NO_TOKENS } from "#ledger/cost.ts";
import { giveCredit } from "#ledger/credit.ts";
import { readRunCost } from "#ledger/read-run-cost.ts";
import { reserve } from "#ledger/reserve.ts";
import { capsFor, monthOf } from "#ledger/scopes.ts";
import { settle } from "#ledger/settle.ts";
import { newId } from "#platform/ids.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { makeTenant, readMoney, type Tenant } from "../support/gateway.ts";
import { runNode } from "../support/run-node.ts";

/** What the ledger has wrong is put right by a new entry, and everything that was summed from it follows. */

let database: TestDatabase;
let tenant: Tenant;
let callId: string;
let siteBefore: number;
let held: Date;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(async () => {
  await database.drop();
});

beforeEach(async () => {
  tenant = await makeTenant(database.db);
  siteBefore = (await readMoney(database.db, tenant)).budgets.site?.spent ?? 0;
  callId = newId();
  held = new Date();
  const { userId, agentId, runId } = tenant;
  const bearer = { userId, agentId, runId, stepKey: "r1/plan" };
  const limits = { run: null, agent: null, userMonth: null, siteMonth: null };
  const caps = capsFor(bearer, limits, held);
  const { pool } = database.db;
  await reserve(pool, { callId, bearer, provider: "p", model: "m", amount: 1000, caps, ttlSeconds: 60 });
  const cost = { provider: 900, charged: 1000 };
  await settle(pool, { callId, tokens: NO_TOKENS, cost, estimated: true, reason: null });
});

/** The month is said, so that this holds in the first hour of one, too. */
function correct(fields: Omit<Partial<Correction>, "month">) {
  return correctCall(database.db, { callId, reason: "r", month: monthOf(held), ...fields });
}

async function standing() {
  const { runCost, stepCost, budgets } = await readMoney(database.db, tenant);
  const { run, agent, user, site } = budgets;
  expect(await checkLedger(database.db.pool)).toEqual([]);
  return {
    each: [runCost, stepCost, run?.spent, agent?.spent, user?.spent],
    site: (site?.spent ?? 0) - siteBefore,
  };
}

it("lowers a charge, and what the provider billed goes where it really went, as often as need be", async () => {
  expect(await standing()).toEqual({ each: Array(5).fill(1000), site: 1000 });
  await correct({ provider: 1500, reason: "As its invoice has it." });
  expect(await standing()).toEqual({ each: Array(5).fill(1000), site: 1500 });
  await correct({ charged: 400, reason: "Priced by the wrong row." });
  expect(await standing()).toEqual({ each: Array(5).fill(400), site: 1500 });
  await correct({ provider: 100, charged: 100, reason: "And again." });
  expect(await standing()).toEqual({ each: Array(5).fill(100), site: 100 });
  const { entries } = await readMoney(database.db, tenant);
  const figures = entries.map((one) => [one.kind, one.provider_cost_micro_usd, one.cost_micro_usd]);
  expect(figures).toEqual([
    ["call", 900, 1000],
    ["correction", 600, 0],
    ["correction", 0, -600],
    ["correction", -1400, -300],
  ]);
});

it("the receipt still adds up, counts the call once and says why", async () => {
  await correct({ charged: 250, reason: "Priced by the wrong row." });
  const { costMicroUsd, lines } = await readRunCost(database.db, tenant.userId, tenant.runId);
  expect(costMicroUsd).toBe(250);
  expect(lines).toMatchObject([
    { stepKey: "r1/plan", calls: 1, costMicroUsd: 250, reasons: ["Priced by the wrong row."] },
  ]);
});

it.each([
  ["more than was charged", { charged: 1001 }, "bad_request"],
  ["less than nothing", { provider: -1 }, "bad_request"],
  ["a call that there was not", { callId: "nobody's", charged: 1 }, "not_found"],
])("refuses %s, and changes nothing", async (_what, fields, code) => {
  await expect(correct(fields)).rejects.toMatchObject({ code });
  expect(await standing()).toEqual({ each: Array(5).fill(1000), site: 1000 });
});

it("takes nothing back twice: what was credited meanwhile is no longer there", async () => {
  const { userId, runId } = tenant;
  await giveCredit(database.db, { userId, runId, amount: 700, reason: "Sorry." }, held);
  const again = correct({ charged: 200, despiteCredits: true });
  await expect(again).rejects.toMatchObject({ code: "bad_request" });
  expect((await readRunCost(database.db, userId, runId)).costMicroUsd).toBe(300);
  expect(await checkLedger(database.db.pool)).toEqual([]);
});

it("two at once are one after the other", async () => {
  await Promise.allSettled([500, 300, 300, 500].map((charged) => correct({ charged })));
  expect((await standing()).each).toEqual(Array(5).fill(300));
});

it("the operator does it on the command line, to the micro-dollar", async () => {
  const command = ["src/carrel.ts", "correct", callId, "--month", monthOf(held)];
  const run = (...args: string[]) => runNode([...command, ...args], { DATABASE_URL: database.url });
  const done = await run("--usd", "0.000250", "--provider-usd", "0.0009", "--reason", "The wrong row.");
  expect(done).toMatchObject({ code: 0, stdout: "" });
  expect(await standing()).toEqual({ each: Array(5).fill(250), site: 900 });
  expect(await run("--usd", "1e3", "--reason", "r")).toMatchObject({ code: 1, stdout: "" });
  expect(await run("--reason", "r")).toMatchObject({ code: 1, stdout: "" });
});
