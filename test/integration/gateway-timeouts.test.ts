import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { request } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type FakeAnthropic, startFakeAnthropic } from "../fakes/anthropic.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { askPlainly, expectAtOurCost, expectNothingCharged, type Got } from "../support/faults.ts";
import {
  MODEL,
  makeTenant,
  type RunningGateway,
  readMoney,
  startGateway,
  type Tenant,
} from "../support/gateway.ts";

/** Each time-out by itself: all others are minutes, as in production, so that nothing else can have ended the call. */

let database: TestDatabase;
let fake: FakeAnthropic;
let silent: Awaited<ReturnType<typeof startSilent>>;
let gateway: RunningGateway;
let tenant: Tenant;

beforeAll(async () => {
  database = await freshDatabase();
  fake = await startFakeAnthropic();
});

afterAll(async () => {
  await fake.close();
  await database.drop();
});

beforeEach(async () => {
  silent = await startSilent();
  tenant = await makeTenant(database.db);
});

afterEach(async () => {
  await gateway.close();
  await silent.close();
});

/** Takes connections and requests, and never says a word. */
async function startSilent() {
  const sockets = new Set<Socket>();
  let heard = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("data", () => {
      heard += 1;
    });
    socket.resume().on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    port,
    heard: () => heard,
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}

function bodyOf(stream: boolean) {
  return { model: MODEL, max_tokens: 100, stream, messages: [{ role: "user", content: "Hello" }] };
}

function ask(stream: boolean): Promise<Got> {
  return askPlainly(gateway, tenant, { path: "/v1/messages", body: bodyOf(stream) });
}

async function startBefore(url: string, options: Parameters<typeof startGateway>[2]): Promise<void> {
  gateway = await startGateway(database.db, { ...fake, url }, options);
}

function expectTimeout({ status, text }: Got): void {
  expect(status).toBe(504);
  expect(JSON.parse(text)).toMatchObject({ type: "error", error: { type: "timeout_error" } });
}

it.each([false, true])(
  "to connect: nothing was sent, and nothing is entered (streamed: %s)",
  async (stream) => {
    // A server that never answers the greeting of TLS.
    await startBefore(`https://127.0.0.1:${silent.port}`, { timeouts: { connectMs: 200 } });
    const { status, text } = await ask(stream);
    expect(status).toBe(502);
    expect(JSON.parse(text)).toMatchObject({
      error: { message: expect.stringMatching(/could not be reached/) },
    });
    const { entries } = await expectNothingCharged(database.db, tenant);
    expect(entries).toEqual([]);
  },
);

it.each([
  ["of a stream", true, { limits: { firstByteMs: 1_500 } }],
  ["of a whole answer, as it is sent", false, { timeouts: { headersMs: 300 } }],
  ["of a whole answer, as it is waited for", false, { limits: { wholeMs: 1_500 } }],
])("until the first byte %s: who was asked may bill it, at our cost", async (_what, stream, options) => {
  await startBefore(`http://127.0.0.1:${silent.port}`, options);
  expectTimeout(await ask(stream));
  await expectAtOurCost(database.db, tenant);
});

it("of a long text: what it cost us is guessed by all its bytes", async () => {
  await startBefore(`http://127.0.0.1:${silent.port}`, { limits: { wholeMs: 1_500 } });
  const messages = [{ role: "user", content: "a".repeat(200_000) }];
  expectTimeout(
    await askPlainly(gateway, tenant, { path: "/v1/messages", body: { ...bodyOf(false), messages } }),
  );
  await expectAtOurCost(database.db, tenant);
  const { entries } = await readMoney(database.db, tenant);
  expect(entries).toMatchObject([{ estimated: true }]);
  // Four bytes a token, and a few of the request around the text.
  expect(Math.round(Number(entries[0]?.input_tokens) / 1_000)).toBe(50);
  expect(entries[0]?.reason).toContain("did not come in time");
});

it("between two pieces of a stream", async () => {
  await startBefore(fake.url, { timeouts: { idleMs: 300 } });
  fake.failNext({ kind: "hangs" });
  const { status, text } = await ask(true);
  expect(status).toBe(200);
  expect(text).toMatch(/event: error\n[^\n]*\n\n$/);
  await expectAtOurCost(database.db, tenant);
});

it("between two pieces of a whole answer", async () => {
  await startBefore(fake.url, { timeouts: { idleMs: 300 } });
  fake.failNext({ kind: "hangs" });
  expectTimeout(await ask(false));
  await expectAtOurCost(database.db, tenant);
});

it.each([
  [true, { limits: { totalMs: 400 } }],
  [false, { limits: { wholeMs: 1_500 } }],
])("over all, of an answer that goes on and on (streamed: %s)", async (stream, options) => {
  await startBefore(fake.url, options);
  fake.failNext({ kind: "drips" });
  const got = await ask(stream);
  if (stream) expect(got).toMatchObject({ status: 200, broken: true });
  else expectTimeout(got);
  await expectAtOurCost(database.db, tenant);
});

it("callers who leave before the first byte are no failure of the provider's: its circuit stays closed, and they pay nothing", async () => {
  await startBefore(`http://127.0.0.1:${silent.port}`, { circuits: { leastCalls: 3, openMs: 60_000 } });
  const caller = new AbortController();
  const gone = Array.from({ length: 6 }, () =>
    request(`${gateway.url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": tenant.runToken },
      body: JSON.stringify(bodyOf(true)),
      signal: caller.signal,
    }).catch(() => "gone"),
  );
  await expect.poll(silent.heard, { timeout: 30_000 }).toBe(6);
  caller.abort();
  expect(new Set(await Promise.all(gone))).toEqual(new Set(["gone"]));
  const metrics = async () => (await request(`${gateway.url}/metrics`)).body.text();
  // Each is over, and counted by its circuit, when its refusal is.
  const refused = 'carrel_gateway_refusals_total{code="upstream_failed"} 6\n';
  await expect.poll(metrics, { timeout: 30_000 }).toContain(refused);
  expect(await metrics()).not.toMatch(/carrel_gateway_circuit_open\{[^}]*\} 1/);
  expect((await expectNothingCharged(database.db, tenant)).entries).toEqual([]);
});
