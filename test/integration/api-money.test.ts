import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
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
