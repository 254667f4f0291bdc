import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { checkLedger } from "#ledger/check-ledger.ts";
import { NO_TOKENS } from "#ledger/cost.ts";
import { giveCredit } from "#ledger/credit.ts";
import { readBudget } from "#ledger/monthly-budget.ts";
import { readRunCost } from "#ledger/read-run-cost.ts";
import { reserve } from "#ledger/reserve.ts";
import { capsFor } from "#ledger/scopes.ts";
import { settle } from "#ledger/settle.ts";
import { newId } from "#platform/ids.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { makeTenant, type Tenant } from "../support/gateway.ts";
import { runNode } from "../support/run-node.ts";

/** What should not have been charged is given back by a new entry, and can be spent again. */

let database: TestDatabase;
let tenant: Tenant;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(async () => {
  await database.drop();
});

beforeEach(async () => {
  tenant = await makeTenant(database.db);
  const { userId, agentId, runId } = tenant;
  const bearer = { userId, agentId, runId, stepKey: "r1/plan" };
  const limits = { run: null, agent: null, userMonth: null, siteMonth: null };
  const callId = newId();
  const caps = capsFor(bearer, limits, new Date());
  const { pool } = database.db;
  await reserve(pool, { callId, bearer, provider: "p", model: "m", amount: 1000, caps, ttlSeconds: 60 });
  const cost = { provider: 1000, charged: 1000 };
  await settle(pool, { callId, tokens: NO_TOKENS, cost, estimated: false, reason: null });
});

it("is an entry of its own, lowers what was spent and what the run cost, and everything agrees", async () => {
  const { userId, runId } = tenant;
  await giveCredit(database.db, { userId, runId, amount: 400, reason: "The answer was of no use." });
  const { costMicroUsd, lines } = await readRunCost(database.db, userId, runId);
  expect(costMicroUsd).toBe(600);
  expect(lines.at(-1)).toMatchObject({
    calls: 0,
    costMicroUsd: -400,
    reasons: ["The answer was of no use."],
  });
  expect((await readBudget(database.db, userId)).spentMicroUsd).toBe(600);
  await giveCredit(database.db, { userId, runId: null, amount: 100, reason: "Sorry." });
  expect((await readBudget(database.db, userId)).spentMicroUsd).toBe(500);
  expect(await checkLedger(database.db.pool)).toEqual([]);
});

it.each([
  ["more than the run cost", { amount: 1001 }, "bad_request"],
  ["nothing", { amount: 0 }, "bad_request"],
  ["for a run of somebody else", { runId: "nobody's" }, "not_found"],
])("refuses %s, and changes nothing", async (_what, fields, code) => {
  const { userId, runId } = tenant;
  const credit = { userId, runId, amount: 1, reason: "r", ...fields };
  await expect(giveCredit(database.db, credit)).rejects.toMatchObject({ code });
  expect((await readBudget(database.db, userId)).spentMicroUsd).toBe(1000);
  expect(await checkLedger(database.db.pool)).toEqual([]);
});

it("the operator gives it on the command line, to the micro-dollar", async () => {
  const email = `${tenant.userId}@example.org`;
  const env = { DATABASE_URL: database.url };
  const give = (...args: string[]) => runNode(["src/carrel.ts", "credit", email, ...args], env);
  const given = await give("--usd", "0.000250", "--reason", "A fault of ours.", "--run", tenant.runId);
  expect(given).toMatchObject({ code: 0, stdout: "" });
  expect((await readRunCost(database.db, tenant.userId, tenant.runId)).costMicroUsd).toBe(750);
  expect(await give("--usd", "1e3", "--reason", "r")).toMatchObject({ code: 1, stdout: "" });
  expect(await give("--usd", "0.1", "--reason", "r")).toMatchObject({ code: 1, stdout: "" });
});
