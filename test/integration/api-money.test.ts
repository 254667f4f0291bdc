import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { reserve } from "#ledger/reserve.ts";
import { capsFor } from "#ledger/scopes.ts";
import { type ApiClient, apiClient } from "../support/api-client.ts";
import { makeTenant } from "../support/gateway.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let ann: ApiClient;
let users = 0;

beforeAll(async () => {
  stack = await startStack({ parts: ["web", "gateway"] });
}, 180_000);

afterAll(() => stack?.stop());

beforeEach(async () => {
  ann = await apiClient(stack.webUrl, stack.database.db, `ann${users++}@example.org`);
});

describe("a user's own provider keys", () => {
  const KEY = "sk-ant-a-key-of-ones-own-1234";

  test("are taken in, shown by their last four characters, and forgotten; others see nothing of them", async () => {
    expect((await ann.call("GET", "/provider-keys")).body).toEqual({ keys: [] });
    const put = await ann.call("PUT", "/provider-keys/anthropic", { json: { key: KEY } });
    expect(put).toMatchObject({ status: 200, body: { provider: "anthropic", hint: "1234" } });
    const { body } = await ann.call("GET", "/provider-keys");
    expect(body.keys).toEqual([{ provider: "anthropic", hint: "1234", createdAt: expect.any(String) }]);
    const { rows } = await stack.database.db.pool.query("SELECT sealed FROM provider_keys");
    expect(JSON.stringify(rows)).not.toContain(KEY.slice(0, 12));
    const ben = await apiClient(stack.webUrl, stack.database.db, "ben@example.org");
    expect((await ben.call("GET", "/provider-keys")).body).toEqual({ keys: [] });
    expect((await ben.call("DELETE", "/provider-keys/anthropic")).status).toBe(204);
    expect((await ann.call("GET", "/provider-keys")).body.keys).toHaveLength(1);
    expect((await ann.call("DELETE", "/provider-keys/anthropic")).status).toBe(204);
    expect((await ann.call("GET", "/provider-keys")).body).toEqual({ keys: [] });
  });

  test("for a provider that is none, or that can be no key, are refused and never said again", async () => {
    expect((await ann.call("PUT", "/provider-keys/nobody", { json: { key: KEY } })).status).toBe(404);
    for (const key of ["short", `${KEY} with spaces`, "x".repeat(501)]) {
      const { status, body } = await ann.call("PUT", "/provider-keys/openai", { json: { key } });
      expect(status).toBe(400);
      expect(JSON.stringify(body)).not.toContain(key);
    }
  });
});

test("a run's receipt adds up, says its ceiling, and is nobody else's", async () => {
  const { db } = stack.database;
  const { userId, agentId, runId } = await makeTenant(db, { run: 5000 });
  await db.pool.query(
    `INSERT INTO ledger_entries (user_id, agent_id, run_id, step_key, provider, model, input_tokens,
       provider_cost_micro_usd, cost_micro_usd, kind)
     SELECT $1, $2, $3, step, 'p', 'm', 7, cost, cost, kind
     FROM (VALUES ('r1/plan', 300, 'call'), ('r1/plan', 200, 'call'), (NULL, -100, 'credit')) AS e (step, cost, kind)`,
    [userId, agentId, runId],
  );
  const owner = await apiClient(stack.webUrl, db, `${userId}@example.org`);
  const { status, body } = await owner.call("GET", `/runs/${runId}/receipt`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    costMicroUsd: 400,
    ceilingMicroUsd: 5000,
    reservedMicroUsd: 0,
    acceptedLines: null,
  });
  expect(body.lines).toMatchObject([
    { stepKey: "r1/plan", calls: 2, costMicroUsd: 500, inputTokens: 14 },
    { stepKey: null, calls: 0, costMicroUsd: -100 },
  ]);
  expect((await ann.call("GET", `/runs/${runId}/receipt`)).status).toBe(404);
});

test("usage is told by day of the zone that is asked for, by agent, model and run, with what is held now", async () => {
  const { db } = stack.database;
  const { userId, agentId, runId } = await makeTenant(db);
  await db.pool.query(
    `INSERT INTO ledger_entries (user_id, agent_id, run_id, at, provider, model, input_tokens,
       provider_cost_micro_usd, cost_micro_usd)
     SELECT $1, $2, $3, at::timestamptz, 'p', model, 7, cost, cost
     FROM (VALUES ('2026-10-31T14:59:59Z', 'dear', 500), ('2026-10-31T15:00:00Z', 'cheap', 30)) AS e (at, model, cost)`,
    [userId, agentId, runId],
  );
  const bearer = { userId, agentId, runId, stepKey: null };
  const limits = { run: null, agent: null, userMonth: null, siteMonth: null };
  const caps = capsFor(bearer, limits, new Date());
  const held = { callId: `held-${userId}`, bearer, provider: "p", model: "m", amount: 900, caps };
  await reserve(db.pool, { ...held, ttlSeconds: 3600 });
  const owner = await apiClient(stack.webUrl, db, `${userId}@example.org`);
  const usage = async (query: string) => {
    const { body } = await owner.call("GET", `/usage?${query}`);
    const rows = body.rows as { key: string; costMicroUsd: number }[];
    return [body.total.costMicroUsd, rows.map(({ key, costMicroUsd }) => [key, costMicroUsd])];
  };
  const month = "from=2026-10-01&to=2026-10-31";
  expect(await usage(month)).toEqual([530, [["2026-10-31", 530]]]);
  expect(await usage(`${month}&timeZone=Asia/Seoul`)).toEqual([500, [["2026-10-31", 500]]]);
  const next = "from=2026-11-01&to=2026-11-01&timeZone=Asia/Seoul";
  expect(await usage(next)).toEqual([30, [["2026-11-01", 30]]]);
  // Where nothing is said, the user's own zone holds.
  expect((await owner.call("PATCH", "/me", { json: { timeZone: "Asia/Seoul" } })).status).toBe(200);
  expect(await usage("from=2026-11-01&to=2026-11-01")).toEqual([30, [["2026-11-01", 30]]]);
  const all = "from=2026-10-01&to=2026-11-30";
  expect(await usage(`${all}&groupBy=model`)).toEqual([
    530,
    [
      ["dear", 500],
      ["cheap", 30],
    ],
  ]);
  expect(await usage(`${all}&groupBy=agent`)).toEqual([530, [[agentId, 530]]]);
  expect(await usage(`${all}&groupBy=run`)).toEqual([530, [[runId, 530]]]);
  expect((await owner.call("GET", `/usage?${all}`)).body.reservedMicroUsd).toBe(900);
  const csv = (await owner.call("GET", `/usage.csv?${next}`)).body as string;
  expect(csv.trim().split("\r\n")).toEqual([
    expect.stringMatching(/^at,kind,agent_id,run_id/),
    expect.stringMatching(/^2026-10-31T15:00:00.000Z,call,.*,cheap,/),
  ]);
  for (const zone of ["Mars/Olympus", "%2B09:00"]) {
    expect((await owner.call("GET", `/usage?timeZone=${zone}`)).status).toBe(400);
  }
  expect((await owner.call("GET", "/usage?from=2026-11-03&to=2026-11-01")).status).toBe(400);
});

test("a period may begin and end as far away as a day can be written, and the zone of old is no hindrance", async () => {
  const { db } = stack.database;
  // As it could be set once.
  await db.pool.query("UPDATE users SET time_zone = '+09:00' WHERE id = $1", [ann.userId]);
  expect((await ann.call("GET", "/me")).body.timeZone).toBeNull();
  expect((await ann.call("PATCH", "/me", { json: { name: "Ann" } })).body.timeZone).toBeNull();
  for (const zone of ["", "&timeZone=Asia/Seoul", "&timeZone=America/Los_Angeles"]) {
    for (const days of [
      "from=0001-01-01&to=9999-12-31",
      "from=9999-12-31&to=9999-12-31",
      "from=0001-01-01",
    ]) {
      expect((await ann.call("GET", `/usage?${days}${zone}`)).status, days + zone).toBe(200);
      expect((await ann.call("GET", `/usage.csv?${days}${zone}`)).status, days + zone).toBe(200);
    }
  }
});
