import { request } from "undici";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type FakeAnthropic, startFakeAnthropic } from "../fakes/anthropic.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import {
  MODEL,
  makeTenant,
  type RunningGateway,
  readMoney,
  startGateway,
  type Tenant,
} from "../support/gateway.ts";

/** Answers that are given again because their caller asked for it; and roles, which are resolved before. */

let database: TestDatabase;
let fake: FakeAnthropic;
let first: RunningGateway;
let second: RunningGateway;
let tenant: Tenant;

beforeAll(async () => {
  database = await freshDatabase();
  fake = await startFakeAnthropic();
  const roles = { architect: MODEL, implementer: { low: "claude-haiku-4-5", high: MODEL } };
  const routing = { roles, fallbacks: {} };
  first = await startGateway(database.db, fake, { routing });
  second = await startGateway(database.db, fake, { routing });
});

afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await fake.close();
  await database.drop();
});

beforeEach(async () => {
  fake.requests.length = 0;
  tenant = await makeTenant(database.db);
});

async function ask(
  gateway: RunningGateway,
  fields: object = {},
  headers: Record<string, string> = { "x-carrel-cache": "allow" },
) {
  const answer = await request(`${gateway.url}/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": tenant.runToken, ...headers },
    body: JSON.stringify({
      model: MODEL,
      max_tokens: 100,
      messages: [{ role: "user", content: "Hi" }],
      ...fields,
    }),
  });
  const text = await answer.body.text();
  // What is kept is written while the answer is on its way.
  await readMoney(database.db, tenant);
  return {
    status: answer.statusCode,
    text,
    hit: answer.headers["x-carrel-cache"] === "hit",
    headers: answer.headers,
  };
}

it.each([false, true])(
  "is given again byte for byte, here and by another gateway, for nothing (streamed: %s)",
  async (stream) => {
    const made = await ask(first, { stream });
    const here = await ask(first, { stream });
    const there = await ask(second, { stream });
    expect([made.hit, here.hit, there.hit]).toEqual([false, true, true]);
    expect([here.text, there.text]).toEqual([made.text, made.text]);
    expect(fake.requests).toHaveLength(1);
    expect((await readMoney(database.db, tenant)).entries).toHaveLength(1);
  },
);

it("is never given to another user, nor for another request, nor unasked", async () => {
  await ask(first);
  const others = [
    await ask(first, { max_tokens: 101 }),
    await ask(first, {}, {}),
    await ask(first, { temperature: 1 }),
  ];
  tenant = await makeTenant(database.db);
  others.push(await ask(first));
  expect(others.map(({ hit }) => hit)).toEqual([false, false, false, false]);
  expect(fake.requests).toHaveLength(5);
});

it("is not kept where it did not come whole", async () => {
  fake.failNext({ kind: "cut after", events: 4 });
  await ask(first, { stream: true }).catch(() => {});
  expect((await ask(first, { stream: true })).hit).toBe(false);
});

it("a role is played by the installation's model, or by the agent's own, and the caller is told which", async () => {
  const played = async (model: string) => {
    const { status, headers } = await ask(first, { model }, {});
    return status === 200 ? headers["x-carrel-model"] : status;
  };
  expect(await played("carrel/architect")).toBe(MODEL);
  expect(await played("carrel/implementer/low")).toBe("claude-haiku-4-5");
  expect(await played("carrel/reviewer")).toBe(404);
  await database.db.pool.query(`UPDATE agents SET models = $2 WHERE id = $1`, [
    tenant.agentId,
    JSON.stringify({ architect: "claude-sonnet-5", default: "claude-opus-5" }),
  ]);
  expect(await played("carrel/architect")).toBe("claude-sonnet-5");
  expect(await played("carrel/reviewer")).toBe("claude-opus-5");
  expect((await readMoney(database.db, tenant)).entries.map(({ model }) => model)).toEqual([
    MODEL,
    "claude-haiku-4-5",
    "claude-sonnet-5",
    "claude-opus-5",
  ]);
});
