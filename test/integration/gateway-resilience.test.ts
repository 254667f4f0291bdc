import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import { request } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { demoProvider } from "#gateway/providers/demo/demo-provider.ts";
import { openDatabase } from "#platform/db.ts";
import { type FakeAnthropic, type FakeFault, startFakeAnthropic } from "../fakes/anthropic.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import {
  MODEL,
  makeTenant,
  type RunningGateway,
  readMoney,
  sdk,
  startGateway,
  type Tenant,
} from "../support/gateway.ts";

/** A provider in trouble: what is tried again, what is left alone, who answers instead, and that the rest goes on. */

let database: TestDatabase;
let fake: FakeAnthropic;
let gateway: RunningGateway;
let tenant: Tenant;

const HELLO = { model: MODEL, max_tokens: 100, messages: [{ role: "user" as const, content: "Hello" }] };
const COST = 300;
const BUSY: FakeFault = { kind: "status", status: 529, type: "overloaded_error" };

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(async () => {
  await database.drop();
});

beforeEach(async () => {
  fake = await startFakeAnthropic();
  tenant = await makeTenant(database.db);
});

afterEach(async () => {
  await gateway.close();
  await fake.close();
});

function hello(fields: object = {}) {
  return sdk(gateway, tenant.runToken)
    .messages.create({ ...HELLO, ...fields } as typeof HELLO)
    .withResponse();
}

async function metric(name: string): Promise<string[]> {
  const text = await (await request(`${gateway.url}/metrics`)).body.text();
  return text.split("\n").filter((line) => line.startsWith(name));
}

describe("trying again", () => {
  it("a provider that is busy for a moment is asked again, and the caller never knows", async () => {
    gateway = await startGateway(database.db, fake);
    fake.failNext(BUSY, 2);
    const { data } = await hello();
    expect(data.stop_reason).toBe("end_turn");
    expect(fake.requests).toHaveLength(3);
    expect(await readMoney(database.db, tenant)).toMatchObject({ runCost: COST, reservations: 0 });
    expect(await metric("carrel_gateway_retries_total{")).toEqual([expect.stringMatching(/ 2$/)]);
  });

  it("three tries are the end of it", async () => {
    gateway = await startGateway(database.db, fake);
    fake.failNext(BUSY, 99);
    await expect(hello()).rejects.toMatchObject({ status: 529 });
    expect(fake.requests).toHaveLength(3);
  });

  it("a retry-after that is short is kept, and one that is long is passed on at once", async () => {
    gateway = await startGateway(database.db, fake);
    const limited = (seconds: string): FakeFault => ({
      kind: "status",
      status: 429,
      type: "rate_limit_error",
      headers: { "retry-after": seconds },
    });
    fake.failNext(limited("1"));
    const begin = performance.now();
    await hello();
    expect(performance.now() - begin).toBeGreaterThanOrEqual(1000);
    fake.failNext(limited("60"));
    await expect(hello()).rejects.toMatchObject({ status: 429 });
    expect(fake.requests).toHaveLength(3);
  });

  it("nothing is tried again after the first byte, nor what the caller did wrong", async () => {
    gateway = await startGateway(database.db, fake);
    fake.failNext({ kind: "cut after", events: 1 });
    await sdk(gateway, tenant.runToken)
      .messages.stream(HELLO)
      .finalMessage()
      .catch(() => {});
    fake.failNext({ kind: "status", status: 400, type: "invalid_request_error" });
    await hello().catch(() => {});
    expect(fake.requests).toHaveLength(2);
  });

  it("retries dry up where everything fails: they never are the storm", async () => {
    gateway = await startGateway(database.db, fake);
    fake.failNext(BUSY, 10_000);
    await Promise.all(Array.from({ length: 40 }, () => hello().catch(() => {})));
    // 40 calls, and the ten retries held ready, and a tenth of the calls
    expect(fake.requests.length).toBeLessThanOrEqual(40 + 10 + 4);
  });
});

describe("circuits and fallbacks", () => {
  const OTHER = "claude-sonnet-5";

  it("a model that keeps failing is left alone, said with 503 and when to come back, and taken up again", async () => {
    gateway = await startGateway(database.db, fake, { circuits: { leastCalls: 3, openMs: 3_000 } });
    fake.failNext(BUSY, 10_000);
    const statuses: unknown[] = [];
    for (let n = 0; n < 6; n += 1) await hello().catch((error) => statuses.push(error.status));
    expect(statuses.slice(-2)).toEqual([503, 503]);
    const error = await hello().catch((thrown) => thrown);
    expect(Number(error.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await metric("carrel_gateway_circuit_open{")).toEqual([expect.stringMatching(/ 1$/)]);
    // Another model of the same provider has a circuit of its own.
    const before = fake.requests.length;
    await hello({ model: OTHER }).catch(() => {});
    expect(fake.requests.length).toBeGreaterThan(before);
    fake.failNext(BUSY, 0);
    await delay(3_100);
    expect((await hello()).data.stop_reason).toBe("end_turn");
    expect(await metric("carrel_gateway_circuit_open{")).toContainEqual(expect.stringMatching(/ 0$/));
  });

  it("the next of the chain answers, is priced as itself, and the caller is told", async () => {
    const routing = { roles: {}, fallbacks: { [MODEL]: ["demo"] } };
    const demo = demoProvider({ offered: true, delayMs: 0 });
    gateway = await startGateway(database.db, fake, { routing, providers: [demo] });
    fake.failNext(BUSY, 10_000);
    const { data, response } = await hello();
    expect(data.model).toBe("demo");
    expect(response.headers.get("x-carrel-model")).toBe("demo");
    const { entries, reservations } = await readMoney(database.db, tenant);
    expect(entries).toMatchObject([{ provider: "demo", model: "demo" }]);
    expect(reservations).toBe(0);
    const streamed = sdk(gateway, tenant.runToken, { "idempotency-key": "k" }).messages.stream(HELLO);
    expect((await streamed.finalMessage()).model).toBe("demo");
    expect(await metric("carrel_gateway_fallbacks_total{")).toEqual([expect.stringMatching(/ 2$/)]);
  });

  it("when the whole chain fails, the last one's error is told and nothing is held", async () => {
    gateway = await startGateway(database.db, fake, {
      routing: { roles: {}, fallbacks: { [MODEL]: [OTHER] } },
    });
    fake.failNext({ ...BUSY, status: 500, type: "api_error" } as FakeFault, 10_000);
    await expect(hello()).rejects.toMatchObject({ status: 500 });
    expect(fake.requests.map(({ body }) => body.model)).toContain(OTHER);
    expect(await readMoney(database.db, tenant)).toMatchObject({ entries: [], reservations: 0 });
  });
});

describe("the cascade: one service down", () => {
  it("the other provider's calls, other users and streams under way go on as before", async () => {
    const demo = demoProvider({ offered: true, delayMs: 1 });
    gateway = await startGateway(database.db, fake, {
      providers: [demo],
      circuits: { leastCalls: 5 },
      ratePerMinute: 200,
    });
    const neighbour = await makeTenant(database.db);
    fake.failNext(BUSY, 1_000_000);
    const storm = Promise.all(
      Array.from({ length: 60 }, async () => {
        // What a careless client does: again, at once.
        for (let tries = 0; tries < 2; tries += 1) await hello().catch(() => {});
      }),
    );
    const healthy = await Promise.all(
      Array.from({ length: 20 }, () =>
        sdk(gateway, neighbour.runToken)
          .messages.stream({ ...HELLO, model: "demo" })
          .finalMessage(),
      ),
    );
    await storm;
    expect(healthy.every((message) => message.stop_reason === "end_turn")).toBe(true);
    // The circuit stood between the storm and the service.
    expect(fake.requests.length).toBeLessThan(120);
    expect(await readMoney(database.db, tenant)).toMatchObject({ entries: [], reservations: 0, runCost: 0 });
    expect((await readMoney(database.db, neighbour)).entries).toHaveLength(20);
    expect((await request(`${gateway.url}/readyz`)).statusCode).toBe(200);
  });
});

describe("a provider that is silent", () => {
  const timeouts = { connectMs: 300, headersMs: 300, idleMs: 300 };

  it.each([
    ["hangs after its first event", { kind: "hangs" }, true],
    ["hangs before its answer", { kind: "hangs" }, false],
  ] as const)("one that %s is given up, at our cost", async (_name, fault, stream) => {
    gateway = await startGateway(database.db, fake, { timeouts });
    fake.failNext(fault);
    const client = sdk(gateway, tenant.runToken);
    const asked = stream ? client.messages.stream(HELLO).finalMessage() : client.messages.create(HELLO);
    await expect(asked).rejects.toBeInstanceOf(Anthropic.APIError);
    expect(await readMoney(database.db, tenant)).toMatchObject({ reservations: 0, runCost: 0 });
  });

  it("one that takes its time is seen under way, and its time is counted when it has ended", async () => {
    gateway = await startGateway(database.db, fake, { timeouts });
    fake.failNext({ kind: "drips" });
    const stream = sdk(gateway, tenant.runToken).messages.stream(HELLO);
    await new Promise((resolve) => stream.once("streamEvent", resolve));
    expect(await metric("carrel_gateway_calls_under_way ")).toEqual(["carrel_gateway_calls_under_way 1"]);
    stream.finalMessage().catch(() => {});
    stream.abort();
    const count = 'carrel_gateway_call_seconds_count{provider="anthropic"}';
    await expect.poll(() => metric(count), { timeout: 10_000 }).toEqual([`${count} 1`]);
    await expect
      .poll(() => metric("carrel_gateway_calls_under_way "), { timeout: 10_000 })
      .toEqual(["carrel_gateway_calls_under_way 0"]);
  });

  it("one that drips is cut when its caller leaves, who pays for what there was", async () => {
    gateway = await startGateway(database.db, fake, { timeouts });
    fake.failNext({ kind: "drips" });
    const stream = sdk(gateway, tenant.runToken).messages.stream(HELLO);
    await new Promise((resolve) => stream.once("streamEvent", resolve));
    stream.finalMessage().catch(() => {});
    stream.abort();
    await expect.poll(() => fake.aborted, { timeout: 10_000 }).toBe(1);
    const { entries, reservations } = await readMoney(database.db, tenant);
    expect(reservations).toBe(0);
    expect(entries).toMatchObject([{ estimated: true, input_tokens: 25 }]);
  });

  it("one that nobody can reach is told as such, and costs nothing", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    await fake.close();
    gateway = await startGateway(database.db, { ...fake, url: `http://127.0.0.1:${port}` });
    await expect(hello()).rejects.toMatchObject({ status: 502 });
    expect(await readMoney(database.db, tenant)).toMatchObject({ entries: [], reservations: 0 });
    fake = await startFakeAnthropic();
  });
});

describe("what a provider says that is no answer", () => {
  it.each([
    ["garbage", true],
    ["garbage events", true],
    ["wrong content-type", true],
    ["garbage", false],
  ] as const)("%s (streamed: %s) is an error of the wire, at our cost", async (kind, stream) => {
    gateway = await startGateway(database.db, fake);
    fake.failNext({ kind });
    const answer = await request(`${gateway.url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": tenant.runToken },
      body: JSON.stringify({ ...HELLO, stream }),
    });
    const text = await answer.body.text().catch((error: Error) => `broken: ${error.message}`);
    expect(text).toMatch(/"type":"error"|broken/);
    expect(await readMoney(database.db, tenant)).toMatchObject({ reservations: 0, runCost: 0 });
  });
});

it("without its database it makes no call, and says 503 in the caller's words", async () => {
  const own = await freshDatabase();
  const other = await makeTenant(own.db);
  const theirs = openDatabase(own.url, { max: 4, application: "carrel-gateway" });
  theirs.pool.on("error", () => {});
  gateway = await startGateway(theirs, fake);
  const client = sdk(gateway, other.runToken);
  await client.messages.create(HELLO);
  await own.drop();
  const error = await client.messages.create(HELLO).catch((thrown) => thrown);
  expect(error).toMatchObject({ status: 503, error: { error: { type: "overloaded_error" } } });
  expect(fake.requests).toHaveLength(1);
  expect((await request(`${gateway.url}/readyz`)).statusCode).toBe(503);
  expect((await request(`${gateway.url}/healthz`)).statusCode).toBe(200);
  await theirs.close();
});
