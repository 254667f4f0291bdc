import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { boundRequest } from "#gateway/calls/bound-request.ts";
import { worstCaseOf } from "#ledger/cost.ts";
import { priceOf } from "#ledger/prices.ts";
import { type FakeAnthropic, type FakeFault, startFakeAnthropic } from "../fakes/anthropic.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import {
  MODEL,
  makeTenant,
  RUN_TOKEN_SECRET,
  readMoney,
  readMoneyNow,
  type Tenant,
} from "../support/gateway.ts";

/** The gateway as its own process, as production runs it, and two of them on one cap. */

let database: TestDatabase;
let fake: FakeAnthropic;
let tenant: Tenant;
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  fake = await startFakeAnthropic();
});

afterAll(async () => {
  await fake.close();
  await database.drop();
});

beforeEach(async () => {
  fake.requests.length = 0;
  fake.reply = { text: "x".repeat(200), usage: { input_tokens: 900, output_tokens: 97 } };
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

interface Spawned {
  url: string;
  child: ChildProcess;
}

async function spawnGateway(env: Record<string, string> = {}): Promise<Spawned> {
  const child = fork("src/gateway.ts", {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      GATEWAY_PORT: String(await freePort()),
      CARREL_RUN_TOKEN_SECRET: RUN_TOKEN_SECRET,
      ANTHROPIC_API_KEY: fake.key,
      ANTHROPIC_BASE_URL: fake.url,
      CARREL_RATE_MODELS: "0",
      CARREL_DEMO_DELAY_MS: "0",
      ...env,
    },
  });
  children.push(child);
  const [message] = (await once(child, "message")) as [{ ready: boolean; address: string }];
  expect(message.ready).toBe(true);
  return { url: message.address, child };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function bodyOf(stream: boolean): string {
  const messages = [{ role: "user", content: "Hello" }];
  return JSON.stringify({ model: MODEL, max_tokens: 100, messages, stream });
}

async function call(
  gateway: Spawned,
  options: { stream?: boolean; key?: string; signal?: AbortSignal } = {},
): Promise<number> {
  const answer = await request(`${gateway.url}/v1/messages`, {
    method: "POST",
    signal: options.signal,
    headers: {
      "x-api-key": tenant.runToken,
      ...(options.key ? { "idempotency-key": options.key } : {}),
    },
    body: bodyOf(options.stream ?? false),
  });
  // A fault in the middle of a stream ends the connection, as it should.
  await answer.body.dump({ limit: 1e9 }).catch(() => {});
  return answer.statusCode;
}

/** One call of the barrage: some streamed, some under a shared key, some whose caller goes away. */
async function oneOfMany(gateway: Spawned, n: number): Promise<number> {
  const leaves = n % 5 === 0;
  const signal = leaves ? AbortSignal.timeout(5 + n) : undefined;
  const options = { stream: n % 2 === 0, signal, ...(n % 7 === 0 ? { key: `k${n % 2}` } : {}) };
  return call(gateway, options).catch((error: unknown) => {
    if (leaves) return 0;
    throw error;
  });
}

/** One request in five goes wrong, in each of the ways in which it can. */
const FAULTS: Record<number, FakeFault> = {
  1: { kind: "status", status: 500, type: "api_error", headers: { "retry-after": "60" } },
  5: { kind: "cut after", events: 4 },
  9: { kind: "garbage" },
  13: { kind: "error event", events: 3 },
};

async function until(met: () => Promise<boolean>): Promise<void> {
  while (!(await met())) await delay(20);
}

it("128 calls at once over two gateways, with faults and disconnects, never pass the cap, and it is used up to less than one call", async () => {
  const price = priceOf(MODEL, new Date());
  if (!price) throw new Error("the test's model has no price");
  const bound = boundRequest(JSON.parse(bodyOf(true)), bodyOf(true).length);
  const worst = worstCaseOf({ ...bound, output: 100 }, price);
  const ceiling = 20 * worst + 1;
  fake.misfortune = (n) => FAULTS[n % 16] ?? null;
  tenant = await makeTenant(database.db, { run: ceiling });
  const gateways = await Promise.all([spawnGateway(), spawnGateway()]);
  const gatewayOf = (n: number) => gateways[n % 2] as Spawned;

  let watching = true;
  let most = 0;
  const watch = (async () => {
    while (watching) {
      const { run } = (await readMoneyNow(database.db, tenant)).budgets;
      most = Math.max(most, (run?.spent ?? 0) + (run?.reserved ?? 0));
    }
  })();
  const statuses = await Promise.all(Array.from({ length: 128 }, (_, n) => oneOfMany(gatewayOf(n), n)));
  await until(async () => (await readMoneyNow(database.db, tenant)).reservations === 0);
  fake.misfortune = null;
  // One after the other until there is no room for one more.
  let topUps = 0;
  while ((await call(gatewayOf(topUps))) === 200) topUps += 1;
  watching = false;
  await watch;

  expect(statuses.filter((status) => ![0, 200, 402, 500, 502].includes(status))).toEqual([]);
  expect(statuses).toContain(402);
  const money = await readMoney(database.db, tenant);
  const sum = money.entries.reduce((total, entry) => total + Number(entry.cost_micro_usd), 0);
  expect(most).toBeLessThanOrEqual(ceiling);
  expect(sum).toBeLessThanOrEqual(ceiling);
  expect(ceiling - sum).toBeLessThan(worst);
  expect(money).toMatchObject({ runCost: sum, stepCost: sum, reservations: 0 });
  for (const scope of ["run", "agent", "user"]) {
    expect(money.budgets[scope], scope).toEqual({ spent: sum, reserved: 0 });
  }
});

it("a gateway killed in mid-call leaves the key to another, and the user pays once", async () => {
  tenant = await makeTenant(database.db);
  const [first, second] = await Promise.all([spawnGateway(), spawnGateway()]);
  const gate = fake.hold();
  const lost = call(first, { stream: true, key: "k" }).catch(() => "lost");
  await gate.reached;
  first.child.kill("SIGKILL");
  await lost;
  gate.release();
  await database.db.pool.query(`UPDATE model_calls SET lease_until = now() - interval '1 s'`);
  expect(await call(second, { stream: true, key: "k" })).toBe(200);
  const money = await readMoney(database.db, tenant);
  // 900 x 3 + 97 x 15
  expect(money.entries.map((entry) => entry.cost_micro_usd)).toEqual([0, 4155]);
  expect(money).toMatchObject({ runCost: 4155, reservations: 0 });
});

it("SIGTERM lets the calls under way end, and the process with code 0", async () => {
  tenant = await makeTenant(database.db);
  const gateway = await spawnGateway();
  const gate = fake.hold();
  const underWay = call(gateway, { stream: true });
  await gate.reached;
  const exit = once(gateway.child, "exit");
  gateway.child.kill("SIGTERM");
  await until(() =>
    request(`${gateway.url}/healthz`).then(
      () => false,
      () => true,
    ),
  );
  gate.release();
  expect(await underWay).toBe(200);
  expect(await exit).toEqual([0, null]);
  expect(await readMoney(database.db, tenant)).toMatchObject({ runCost: 4155, reservations: 0 });
});

it("offers the demo model in embedded mode, and in production only by name", async () => {
  tenant = await makeTenant(database.db);
  const modelsOf = async (gateway: Spawned) => {
    const { body } = await request(`${gateway.url}/models.json`);
    return ((await body.json()) as { models: { id: string; scripted: boolean }[] }).models;
  };
  const [embedded, production, named] = await Promise.all([
    spawnGateway({ ANTHROPIC_API_KEY: "" }),
    spawnGateway({ CARREL_MODE: "production" }),
    spawnGateway({ CARREL_MODE: "production", CARREL_DEMO_MODEL: "true" }),
  ]);
  expect(await modelsOf(embedded)).toEqual([{ id: "demo", provider: "demo", scripted: true }]);
  expect((await modelsOf(production)).some((model) => model.scripted)).toBe(false);
  expect((await modelsOf(named)).some((model) => model.id === "demo")).toBe(true);
  expect((await request(`${embedded.url}/readyz`)).statusCode).toBe(200);
});

it("a port in use ends the start with one plain line", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const child = fork("src/gateway.ts", {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      GATEWAY_PORT: String(port),
      CARREL_RUN_TOKEN_SECRET: RUN_TOKEN_SECRET,
    },
  });
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  await new Promise((resolve) => server.close(resolve));
  expect(code).toBe(1);
  expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(/^gateway: GATEWAY_PORT is in use/)]);
});
