import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readBudget, setBudget } from "#ledger/monthly-budget.ts";
import { readRunCost } from "#ledger/read-run-cost.ts";
import { readReserved, readUsage } from "#ledger/read-usage.ts";
import { reserve } from "#ledger/reserve.ts";
import { capsFor } from "#ledger/scopes.ts";
import { settle, settleWithin } from "#ledger/settle.ts";
import { usageCsv } from "#ledger/usage-csv.ts";
import { inTransaction } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { makeTenant, type Tenant } from "../support/gateway.ts";

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
});

interface Entry {
  at?: string;
  model?: string;
  agentId?: string | null;
  runId?: string | null;
  cost: number;
  kind?: string;
  reason?: string;
}

async function book(entry: Entry): Promise<void> {
  const { at, model = "demo", agentId = tenant.agentId, runId = tenant.runId, cost, kind = "call" } = entry;
  await database.db.pool.query(
    `INSERT INTO ledger_entries (user_id, at, model, agent_id, run_id, kind, provider, input_tokens, output_tokens,
       provider_cost_micro_usd, cost_micro_usd, step_key, reason)
     VALUES ($1, coalesce($2, now()), $3, $4, $5, $6, 'demo', 10, 5, 0, $7, 'r1/plan', $8)`,
    [tenant.userId, at ?? null, model, agentId, runId, kind, cost, entry.reason ?? null],
  );
}

const EVER = { from: null, to: null };

describe("usage", () => {
  it("of nobody is nothing", async () => {
    const usage = await readUsage(database.db, tenant.userId, { ...EVER, groupBy: "day" });
    expect(usage).toEqual({
      total: {
        costMicroUsd: 0,
        calls: 0,
        inputTokens: 0,
        outputTokens: 0,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
      },
      reservedMicroUsd: 0,
      rows: [],
    });
  });

  it("adds up by model, agent and run, dearest first, and counts credits as money but not as calls", async () => {
    await book({ cost: 100, model: "cheap" });
    await book({ cost: 700, model: "dear" });
    await book({ cost: -50, model: "cheap", kind: "credit" });
    await book({ cost: 5, model: "cheap", agentId: null, runId: null });
    const byModel = await readUsage(database.db, tenant.userId, { ...EVER, groupBy: "model" });
    expect(byModel.total).toMatchObject({ costMicroUsd: 755, calls: 3, inputTokens: 40 });
    expect(byModel.rows.map((row) => [row.key, row.costMicroUsd, row.calls])).toEqual([
      ["dear", 700, 1],
      ["cheap", 55, 2],
    ]);
    const byRun = await readUsage(database.db, tenant.userId, { ...EVER, groupBy: "run" });
    expect(byRun.rows.map((row) => [row.key, row.costMicroUsd])).toEqual([
      [tenant.runId, 750],
      [null, 5],
    ]);
    const byAgent = await readUsage(database.db, tenant.userId, { ...EVER, groupBy: "agent" });
    expect(byAgent.rows[0]?.key).toBe(tenant.agentId);
  });

  it("knows days in the user's own zone, and takes the period as from inclusive to exclusive", async () => {
    await book({ cost: 1, at: "2026-03-01T14:59:59Z" });
    await book({ cost: 2, at: "2026-03-01T15:00:00Z" });
    const seoul = { ...EVER, groupBy: "day" as const, timeZone: "Asia/Seoul" };
    const days = (await readUsage(database.db, tenant.userId, seoul)).rows.map((row) => [
      row.key,
      row.costMicroUsd,
    ]);
    expect(days).toEqual([
      ["2026-03-01", 1],
      ["2026-03-02", 2],
    ]);
    const from = new Date("2026-03-01T14:59:59Z");
    const to = new Date("2026-03-01T15:00:00Z");
    const part = await readUsage(database.db, tenant.userId, { from, to, groupBy: "day" });
    expect(part.total.costMicroUsd).toBe(1);
  });

  it("shows nothing of another tenant", async () => {
    await book({ cost: 100 });
    const other = await makeTenant(database.db);
    expect((await readUsage(database.db, other.userId, { ...EVER, groupBy: "run" })).total.calls).toBe(0);
    await expect(readRunCost(database.db, other.userId, tenant.runId)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("as CSV is one line an entry, and harmless in a spreadsheet", async () => {
    await book({ cost: 100, reason: '=HYPERLINK("http://x"), "quoted"' });
    await book({ cost: 200, model: "demo" });
    const lines: string[] = [];
    for await (const line of usageCsv(database.db, tenant.userId, EVER)) lines.push(line);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^at,kind,agent_id,/);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://x""), ""quoted"""`);
  });
});

describe("the ledger", () => {
  it("refuses to be rewritten", async () => {
    await book({ cost: 100 });
    await expect(database.db.pool.query("UPDATE ledger_entries SET cost_micro_usd = 0")).rejects.toThrow(
      /append-only/,
    );
    await expect(database.db.pool.query("DELETE FROM ledger_entries")).rejects.toThrow(/append-only/);
  });

  it("never charges more than was reserved, and says so", async () => {
    const callId = newId();
    const bearer = {
      userId: tenant.userId,
      agentId: tenant.agentId,
      runId: tenant.runId,
      stepKey: "r1/plan",
    };
    const caps = capsFor(bearer, { run: 1000, agent: null, userMonth: null, siteMonth: null }, new Date());
    const held = { callId, bearer, provider: "anthropic", model: "m", amount: 1000, caps, ttlSeconds: 60 };
    expect(await reserve(database.db.pool, held)).toEqual({ reserved: true });
    expect(await readReserved(database.db, tenant.userId)).toBe(1000);
    const tokens = {
      input: 1,
      output: 1,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      reasoning: 0,
      characters: 0,
    };
    const settlement = {
      callId,
      tokens,
      cost: { provider: 1500, charged: 1500 },
      estimated: false,
      reason: null,
    };
    expect(await settle(database.db.pool, settlement)).toBe(1000);
    expect(await settle(database.db.pool, settlement), "once").toBeNull();
    const within = (client: pg.PoolClient) => settleWithin(client, settlement);
    expect(await inTransaction(database.db.pool, within), "in whatever way").toBeNull();
    const { costMicroUsd, reservedMicroUsd, lines } = await readRunCost(
      database.db,
      tenant.userId,
      tenant.runId,
    );
    expect({ costMicroUsd, reservedMicroUsd }).toEqual({ costMicroUsd: 1000, reservedMicroUsd: 0 });
    expect(lines[0]).toMatchObject({
      stepKey: "r1/plan",
      calls: 1,
      reasons: [expect.stringMatching(/not charged/)],
    });
  });
});

describe("the monthly budget", () => {
  it("is the tier's until the user sets a lower one", async () => {
    const { db } = database;
    const { tierMicroUsd } = await readBudget(db, tenant.userId);
    expect(await readBudget(db, tenant.userId)).toMatchObject({
      monthlyMicroUsd: tierMicroUsd,
      spentMicroUsd: 0,
    });
    expect((await setBudget(db, tenant.userId, 1_000_000)).monthlyMicroUsd).toBe(1_000_000);
    await expect(setBudget(db, tenant.userId, (tierMicroUsd ?? 0) + 1)).rejects.toMatchObject({
      code: "bad_request",
    });
    expect((await setBudget(db, tenant.userId, null)).monthlyMicroUsd).toBe(tierMicroUsd);
    await expect(readBudget(db, newId())).rejects.toMatchObject({ code: "not_found" });
  });
});
