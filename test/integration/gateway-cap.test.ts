import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type FakeAnthropic, startFakeAnthropic } from "../fakes/anthropic.ts";
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

/** What happens when less is left than a call asks for. */

let database: TestDatabase;
let fake: FakeAnthropic;
let gateway: RunningGateway;
let tenant: Tenant;

const MESSAGES = [{ role: "user" as const, content: "Hello" }];

beforeAll(async () => {
  database = await freshDatabase();
  fake = await startFakeAnthropic();
  gateway = await startGateway(database.db, fake);
});

afterAll(async () => {
  await gateway.close();
  await fake.close();
  await database.drop();
});

beforeEach(() => {
  fake.requests.length = 0;
});

function ask(fields: object) {
  return sdk(gateway, tenant.runToken)
    .messages.create({ model: MODEL, max_tokens: 10_000, messages: MESSAGES, ...fields } as never)
    .withResponse();
}

it("lowers max_tokens to what is left, says so, and asks nobody to count", async () => {
  tenant = await makeTenant(database.db, { run: 20_000 });
  const { response } = await ask({});
  const said = Number(response.headers.get("x-carrel-max-tokens"));
  expect(said).toBeGreaterThan(500);
  expect(said).toBeLessThan(20_000 / 15);
  expect(fake.requests.map(({ path }) => path)).toEqual(["/v1/messages"]);
  expect(fake.requests[0]?.body.max_tokens).toBe(said);
});

it("says nothing where nothing was lowered", async () => {
  tenant = await makeTenant(database.db, { run: 1_000_000 });
  const { response } = await ask({ max_tokens: 100 });
  expect(response.headers.get("x-carrel-max-tokens")).toBeNull();
  expect(fake.requests[0]?.body.max_tokens).toBe(100);
});

it("has the prompt counted when its bound does not fit, and lets it through when the count does", async () => {
  tenant = await makeTenant(database.db, { run: 8_000 });
  // A megabyte of PDF could be the whole context; the fake counts some hundred tokens.
  const source = { type: "base64", media_type: "application/pdf", data: "AAAA" };
  const { response } = await ask({ messages: [{ role: "user", content: [{ type: "document", source }] }] });
  expect(fake.requests.map(({ path }) => path)).toEqual(["/v1/messages/count_tokens", "/v1/messages"]);
  expect(Number(response.headers.get("x-carrel-max-tokens"))).toBeGreaterThan(64);
});

it("does not cut an answer below what its thinking needs", async () => {
  tenant = await makeTenant(database.db, { run: 20_000 });
  const thinking = { type: "enabled", budget_tokens: 4_000 };
  await expect(ask({ thinking })).rejects.toMatchObject({ status: 402 });
  expect(fake.requests.filter(({ path }) => path === "/v1/messages")).toEqual([]);
  expect(await readMoney(database.db, tenant)).toMatchObject({ entries: [], reservations: 0 });
});

it("one call after the other uses a cap up, to less than the smallest call", async () => {
  const cap = 30_000;
  tenant = await makeTenant(database.db, { run: cap });
  fake.reply = { text: "x".repeat(200), usage: { input_tokens: 900, output_tokens: 97 } };
  let calls = 0;
  while (
    await ask({ max_tokens: 1000 }).then(
      () => true,
      () => false,
    )
  )
    calls += 1;
  const { runCost, budgets } = await readMoney(database.db, tenant);
  expect(calls).toBeGreaterThan(3);
  expect(runCost).toBeLessThanOrEqual(cap);
  // 64 tokens of answer and the bound of the prompt are the least that is begun
  expect(cap - runCost).toBeLessThan(64 * 15 + 1300 * 3);
  expect(budgets.run).toEqual({ spent: runCost, reserved: 0 });
});
