import { expect, test } from "vitest";
import { storeOwnKey } from "#gateway/own-keys.ts";
import { PriceAnswer, priceToPay } from "#gateway/price-answer.ts";
import { costOf, NO_TOKENS } from "#ledger/cost.ts";
import { type Price, priceOf } from "#ledger/prices.ts";
import { MODEL } from "../support/gateway.ts";
import { gatewaySuite } from "../support/gateway-suite.ts";

const TOKENS = { ...NO_TOKENS, input: 1_000_000, output: 10_000 };

const suite = gatewaySuite();

async function ask(
  model: unknown,
  token = suite.tenant.runToken,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${suite.gateway.url}/price.json`, {
    method: "POST",
    headers: { "x-api-key": token },
    body: JSON.stringify({ model }),
  });
  return { status: response.status, body: await response.json() };
}

test("a caller is told what a model costs it: as the book has it, nominally, and nothing with a key of its own", async () => {
  const book = priceOf(MODEL, new Date());
  const { body } = await ask(MODEL);
  expect(PriceAnswer.parse(body).prices).toEqual([book]);
  const demo = priceOf("demo", new Date()) as Price;
  expect(costOf(TOKENS, priceToPay(demo)).charged).toBe(costOf(TOKENS, demo).charged);
  const keys = (await (await fetch(`${suite.gateway.url}/keys.json`)).json()) as { publicKey: object };
  const own = { userId: suite.tenant.userId, provider: "anthropic" };
  await storeOwnKey(suite.database.db, keys.publicKey, { ...own, key: "sk-ant-own-key-1234" });
  const free = PriceAnswer.parse((await ask(MODEL)).body).prices[0];
  expect(free?.rates).toMatchObject({ input: 0, output: 0, cacheRead: 0 });
});

test("nobody else is told, and what is not offered has no price", async () => {
  expect((await ask(MODEL, "no token of ours")).status).toBe(401);
  expect((await ask("a-model-of-nobody")).status).toBe(404);
  expect((await ask(7)).status).toBe(400);
});
