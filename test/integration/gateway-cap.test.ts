import { expect, it } from "vitest";
import { MODEL, makeTenant, readMoney, sdk } from "../support/gateway.ts";
import { gatewaySuite } from "../support/gateway-suite.ts";

/** What happens when less is left than a call asks for. */

const MESSAGES = [{ role: "user" as const, content: "Hello" }];

const suite = gatewaySuite();

function ask(fields: object) {
  return sdk(suite.gateway, suite.tenant.runToken)
    .messages.create({ model: MODEL, max_tokens: 10_000, messages: MESSAGES, ...fields } as never)
    .withResponse();
}

it("lowers max_tokens to what is left, says so, and asks nobody to count", async () => {
  suite.tenant = await makeTenant(suite.database.db, { run: 20_000 });
  const { response } = await ask({});
  const said = Number(response.headers.get("x-carrel-max-tokens"));
  expect(said).toBeGreaterThan(500);
  expect(said).toBeLessThan(20_000 / 15);
  expect(suite.fake.requests.map(({ path }) => path)).toEqual(["/v1/messages"]);
  expect(suite.fake.requests[0]?.body.max_tokens).toBe(said);
});

it("says nothing where nothing was lowered", async () => {
  suite.tenant = await makeTenant(suite.database.db, { run: 1_000_000 });
  const { response } = await ask({ max_tokens: 100 });
  expect(response.headers.get("x-carrel-max-tokens")).toBeNull();
  expect(suite.fake.requests[0]?.body.max_tokens).toBe(100);
});

it("has the prompt counted when its bound does not fit, and lets it through when the count does", async () => {
  suite.tenant = await makeTenant(suite.database.db, { run: 8_000 });
  // A megabyte of PDF could be the whole context; the fake counts some hundred tokens.
  const source = { type: "base64", media_type: "application/pdf", data: "AAAA" };
  const { response } = await ask({ messages: [{ role: "user", content: [{ type: "document", source }] }] });
  expect(suite.fake.requests.map(({ path }) => path)).toEqual(["/v1/messages/count_tokens", "/v1/messages"]);
  expect(Number(response.headers.get("x-carrel-max-tokens"))).toBeGreaterThan(64);
});

it("does not cut an answer below what its thinking needs", async () => {
  suite.tenant = await makeTenant(suite.database.db, { run: 20_000 });
  const thinking = { type: "enabled", budget_tokens: 4_000 };
  await expect(ask({ thinking })).rejects.toMatchObject({ status: 402 });
  expect(suite.fake.requests.filter(({ path }) => path === "/v1/messages")).toEqual([]);
  expect(await readMoney(suite.database.db, suite.tenant)).toMatchObject({ entries: [], reservations: 0 });
});

it("one call after the other uses a cap up, to less than the smallest call", async () => {
  const cap = 30_000;
  suite.tenant = await makeTenant(suite.database.db, { run: cap });
  suite.fake.reply = { text: "x".repeat(200), usage: { input_tokens: 900, output_tokens: 97 } };
  let calls = 0;
  while (
    await ask({ max_tokens: 1000 }).then(
      () => true,
      () => false,
    )
  )
    calls += 1;
  const { runCost, budgets } = await readMoney(suite.database.db, suite.tenant);
  expect(calls).toBeGreaterThan(3);
  expect(runCost).toBeLessThanOrEqual(cap);
  // 64 tokens of answer and the bound of the prompt are the least that is begun
  expect(cap - runCost).toBeLessThan(64 * 15 + 1300 * 3);
  expect(budgets.run).toEqual({ spent: runCost, reserved: 0 });
});
