import { setTimeout as delay } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import { request } from "undici";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { sweepReservations } from "#ledger/sweep-reservations.ts";
import { type FakeAnthropic, startFakeAnthropic } from "../fakes/anthropic.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import {
  MODEL,
  makeTenant,
  type RunningGateway,
  readMoney,
  readMoneyNow,
  sdk,
  startGateway,
  type Tenant,
} from "../support/gateway.ts";

let database: TestDatabase;
let fake: FakeAnthropic;
let first: RunningGateway;
let second: RunningGateway;
let tenant: Tenant;

const HELLO = { model: MODEL, max_tokens: 100, messages: [{ role: "user" as const, content: "Hello" }] };
const COST = 300;

beforeAll(async () => {
  database = await freshDatabase();
  fake = await startFakeAnthropic();
  first = await startGateway(database.db, fake);
  second = await startGateway(database.db, fake);
});

afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await fake.close();
  await database.drop();
});

beforeEach(async () => {
  fake.requests.length = 0;
  fake.aborted = 0;
  tenant = await makeTenant(database.db);
});

async function call(
  gateway: RunningGateway,
  key: string | null,
  options: { stream?: boolean; text?: string; signal?: AbortSignal } = {},
) {
  const { stream = false, text = "Hello", signal } = options;
  const answer = await request(`${gateway.url}/v1/messages`, {
    method: "POST",
    signal,
    headers: { "x-api-key": tenant.runToken, ...(key === null ? {} : { "idempotency-key": key }) },
    body: JSON.stringify({ ...HELLO, stream, messages: [{ role: "user", content: text }] }),
  });
  const body = await answer.body.text();
  const { date: _, connection: __, "keep-alive": ___, ...headers } = answer.headers;
  const { trailers } = answer;
  return { status: answer.statusCode, headers, body, cost: trailers["x-carrel-cost-microusd"] };
}

async function until(met: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await met())) await delay(10);
}

it.each([false, true])(
  "a repeat gets the same bytes, status and headers, charged once (streamed: %s)",
  async (stream) => {
    const one = await call(first, "run/step/1/1", { stream });
    const again = await call(first, "run/step/1/1", { stream });
    const elsewhere = await call(second, "run/step/1/1", { stream });
    expect(one.status).toBe(200);
    expect(again).toEqual(one);
    expect(elsewhere).toEqual(one);
    expect(fake.requests).toHaveLength(1);
    const money = await readMoney(database.db, tenant);
    expect(money.entries).toHaveLength(1);
    expect(money).toMatchObject({ runCost: COST, reservations: 0 });
  },
);

it.each([false, true])("twenty at once over two gateways are one call (streamed: %s)", async (stream) => {
  const gate = fake.hold();
  const answers = Array.from({ length: 20 }, (_, n) => call(n % 2 ? first : second, "k", { stream }));
  await gate.reached;
  gate.release();
  const all = await Promise.all(answers);
  for (const answer of all) expect(answer).toEqual(all[0]);
  expect(fake.requests).toHaveLength(1);
  expect((await readMoney(database.db, tenant)).entries).toHaveLength(1);
});

it("a keyed call whose caller is gone goes on and is recorded", async () => {
  const gate = fake.hold();
  const caller = new AbortController();
  const gone = call(first, "k", { stream: true, signal: caller.signal }).catch(() => "gone");
  await gate.reached;
  caller.abort();
  expect(await gone).toBe("gone");
  gate.release();
  const repeat = await call(second, "k", { stream: true });
  expect(repeat.body).toContain("message_stop");
  expect(repeat.cost).toBe(String(COST));
  expect(fake.requests).toHaveLength(1);
  expect(fake.aborted).toBe(0);
});

it("a streamed call without a key whose caller is gone is broken off and charged for what was generated", async () => {
  const gate = fake.hold();
  const caller = new AbortController();
  const gone = call(first, null, { stream: true, signal: caller.signal }).catch(() => "gone");
  await gate.reached;
  await until(async () => (await readMoneyNow(database.db, tenant)).reservations === 1);
  caller.abort();
  await gone;
  await until(async () => (await readMoneyNow(database.db, tenant)).entries.length === 1);
  gate.release();
  await until(() => fake.aborted === 1);
  const money = await readMoney(database.db, tenant);
  // the prompt, 25 tokens at $3 a million, as the provider said; of the answer one token at $15
  expect(money.entries[0]).toMatchObject({
    input_tokens: 25,
    output_tokens: 1,
    cost_micro_usd: 90,
    estimated: true,
  });
  expect(money).toMatchObject({ reservations: 0, runCost: 90 });
});

it("a whole answer without a key goes on when its caller is gone: nobody could tell what it had cost", async () => {
  const gate = fake.hold();
  const caller = new AbortController();
  const gone = call(first, null, { signal: caller.signal }).catch(() => "gone");
  await gate.reached;
  caller.abort();
  await gone;
  gate.release();
  await until(async () => (await readMoneyNow(database.db, tenant)).entries.length === 1);
  expect(await readMoney(database.db, tenant)).toMatchObject({ runCost: COST, reservations: 0 });
});

it("another body under the same key is a conflict that the SDK does not repeat", async () => {
  await call(first, "k");
  const client = new Anthropic({ apiKey: tenant.runToken, baseURL: first.url, maxRetries: 3 });
  const error = await client.messages
    .create({ ...HELLO, max_tokens: 99 }, { headers: { "idempotency-key": "k" } })
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Anthropic.ConflictError);
  expect(fake.requests).toHaveLength(1);
  const other = await makeTenant(database.db);
  await sdk(first, other.runToken, { "idempotency-key": "k" }).messages.create(HELLO);
  expect(fake.requests, "a key is its user's own").toHaveLength(2);
});

it("a call that failed is made anew under its key, and only the one that came is charged", async () => {
  fake.failNext({
    kind: "status",
    status: 529,
    type: "overloaded_error",
    headers: { "retry-after": "60" },
  });
  expect((await call(first, "k")).status).toBe(529);
  fake.failNext({ kind: "cut after", events: 5 });
  expect((await call(second, "k", { stream: true })).body).toContain("event: error");
  const answer = await call(first, "k", { stream: true });
  expect(answer.body).toContain("message_stop");
  const money = await readMoney(database.db, tenant);
  expect(money).toMatchObject({ runCost: COST, reservations: 0 });
});

it("the SDK's own repeats with one key end in one charge", async () => {
  fake.failNext({ kind: "refuse connection" });
  const client = new Anthropic({ apiKey: tenant.runToken, baseURL: first.url, maxRetries: 2 });
  await client.messages.create(HELLO, { headers: { "idempotency-key": "k" } });
  expect(fake.requests).toHaveLength(2);
  expect((await readMoney(database.db, tenant)).runCost).toBe(COST);
});

it("a call over its cap can be repeated under its key when the cap was raised", async () => {
  tenant = await makeTenant(database.db, { run: 10 });
  expect((await call(first, "k")).status).toBe(402);
  await database.db.pool.query(`UPDATE runs SET ceiling_micro_usd = 100000 WHERE id = $1`, [tenant.runId]);
  expect((await call(second, "k")).status).toBe(200);
});

it("a call of a gateway that died is taken over when its lease lapsed, at the platform's expense", async () => {
  const gate = fake.hold();
  const caller = new AbortController();
  const stuck = call(first, "k", { stream: true, signal: caller.signal }).catch(() => "gone");
  await gate.reached;
  await until(async () => (await readMoneyNow(database.db, tenant)).reservations === 1);
  // As if `first` had stopped renewing.
  await database.db.pool.query(
    `UPDATE model_calls SET lease_until = now() - interval '1 s' WHERE user_id = $1`,
    [tenant.userId],
  );
  const taken = call(second, "k", { stream: true });
  await until(() => fake.requests.length === 2);
  gate.release();
  expect((await taken).body).toContain("message_stop");
  await stuck;
  caller.abort();
  // The frozen one wakes, finishes, and changes nothing.
  await until(async () => (await readMoneyNow(database.db, tenant)).reservations === 0);
  const money = await readMoney(database.db, tenant);
  expect(money.entries.map((entry) => entry.cost_micro_usd)).toEqual([0, COST]);
  expect(money.entries[0]?.reason).toMatch(/gateway stopped/);
  expect(money.runCost).toBe(COST);
  expect(await call(first, "k", { stream: true })).toEqual(await taken);
});

it("an abandoned reservation is settled by the sweep, at the platform's expense", async () => {
  const gate = fake.hold();
  const caller = new AbortController();
  const stuck = call(first, null, { stream: true, signal: caller.signal }).catch(() => "gone");
  await gate.reached;
  await until(async () => (await readMoneyNow(database.db, tenant)).reservations === 1);
  const held = (await readMoneyNow(database.db, tenant)).budgets.run?.reserved;
  await database.db.pool.query(`UPDATE reservations SET expires_at = now() - interval '1 s'`);
  expect(await sweepReservations(database.db.pool)).toBe(1);
  const money = await readMoney(database.db, tenant);
  expect(money).toMatchObject({ reservations: 0, runCost: 0 });
  expect(money.entries).toHaveLength(1);
  expect(money.entries[0]).toMatchObject({
    cost_micro_usd: 0,
    provider_cost_micro_usd: held,
    estimated: true,
  });
  gate.release();
  await stuck;
  expect((await readMoney(database.db, tenant)).entries, "settled once").toHaveLength(1);
});

it("closing lets calls under way end, and takes no new ones", async () => {
  const third = await startGateway(database.db, fake);
  const gate = fake.hold();
  const underWay = call(third, "k", { stream: true });
  await gate.reached;
  const closing = third.close();
  await expect(call(third, null).then(({ status }) => expect(status).toBe(200))).rejects.toThrow();
  gate.release();
  expect((await underWay).body).toContain("message_stop");
  await closing;
  expect((await readMoney(database.db, tenant)).runCost).toBe(COST);
});
