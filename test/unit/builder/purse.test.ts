import { expect, test } from "vitest";
import { Project } from "#engines/builder/project.ts";
import { openPurse } from "#engines/builder/purse.ts";
import type { KeptTree, RunContext } from "#engines/engine.ts";
import type { Quote } from "#events/vocabulary.ts";
import { type Price, priceOf } from "#ledger/prices.ts";
import { GOOD_PLAN } from "../../support/scripted-builder.ts";

const prices = [priceOf("claude-haiku-4-5", new Date("2026-11-01")) as Price];
const NOTHING: KeptTree = { paths: [], look: () => null, read: async () => null };

async function quoteOf({ requests = ["Add."], guidance = "" }): Promise<Quote> {
  const quotes: Quote[] = [];
  const context = {
    requests,
    instructions: null,
    finished: () => false,
    begun: () => false,
    money: {
      room: async () => ({ spentMicroUsd: 0, tightest: null }),
      quote: async (quote: Quote) => void quotes.push(quote),
    },
  } as unknown as RunContext;
  const own = guidance === "" ? null : { path: "AGENTS.md", text: guidance };
  const background = { conventions: { formatter: null, tests: [] }, guidance: own };
  await openPurse(new Project(context, GOOD_PLAN, NOTHING, background), {
    plan: GOOD_PLAN,
    treeHash: "",
    prices,
  });
  return quotes[0] as Quote;
}

test("a quote counts the project's own words with every call", async () => {
  const [without, told] = [await quoteOf({}), await quoteOf({ guidance: "x".repeat(10_000) })];
  // 2,000 tokens at least, read for each of three files, at a dollar a million.
  expect(told.lowMicroUsd - without.lowMicroUsd).toBe(3 * 2_000);
});

test("of a long conversation a quote counts what the calls repeat of it", async () => {
  const long = ["Begin.", ...Array.from({ length: 20 }, () => "y".repeat(10_000)), "End."];
  const [short, whole] = [await quoteOf({}), await quoteOf({ requests: long })];
  expect(whole.lowMicroUsd - short.lowMicroUsd).toBeLessThan((3 * 20 * 1_000) / 5);
});
