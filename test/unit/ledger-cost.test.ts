import { describe, expect, it } from "vitest";
import { costOf, NO_TOKENS, type Tokens, worstCaseOf } from "#ledger/cost.ts";
import { PRICES, type Price, priceOf } from "#ledger/prices.ts";

const TODAY = new Date("2026-11-20T12:00:00Z");

function price(model: string, at = TODAY): Price {
  const found = priceOf(model, at);
  if (!found) throw new Error(`no price for ${model}`);
  return found;
}

function tokens(given: Partial<Tokens>): Tokens {
  return { ...NO_TOKENS, ...given };
}

describe("the price book", () => {
  it("has no price for a model it does not list", () => {
    for (const model of ["gpt-3", "claude-3-opus-20240229", "claude-opus", "claude-opus-5-x", ""]) {
      expect(priceOf(model, TODAY), model).toBeNull();
    }
  });

  it("prices a dated snapshot like its alias", () => {
    expect(price("claude-haiku-4-5-20251001")).toBe(price("claude-haiku-4-5"));
  });

  it("charges by the day of the call", () => {
    const before = price("claude-sonnet-5-5", new Date("2026-10-06T23:59:59Z"));
    const after = price("claude-sonnet-5-5", new Date("2026-10-07T00:00:00Z"));
    expect([before.rates.cacheRead, after.rates.cacheRead]).toEqual([200_000, 100_000]);
    expect(priceOf("claude-haiku-5-5", new Date("2026-10-06T00:00:00Z"))).toBeNull();
    const terra = ["2026-07-08", "2026-07-29", "2026-07-30"].map((day) =>
      priceOf("gpt-5.6-terra", new Date(day)),
    );
    expect(terra.map((row) => row?.rates.input)).toEqual([undefined, 2_500_000, 2_000_000]);
  });

  it("holds whole micro-dollars per million tokens, and no two rows for one day", () => {
    for (const row of PRICES) {
      for (const rates of [row.rates, row.long?.rates, row.charged]) {
        for (const rate of Object.values(rates ?? {})) expect(Number.isInteger(rate)).toBe(true);
      }
    }
    const days = PRICES.map((row) => `${row.model} ${row.from}`);
    expect(new Set(days).size).toBe(days.length);
  });
});

describe("what a call costs", () => {
  it("is rounded up to a whole micro-dollar, once", () => {
    const haiku = price("claude-haiku-5-5");
    expect(costOf(tokens({ input: 1 }), haiku).charged).toBe(1);
    expect(costOf(tokens({ input: 10 }), haiku).charged).toBe(1);
    expect(costOf(tokens({ input: 11 }), haiku).charged).toBe(2);
    expect(costOf(tokens({ input: 5, output: 1, cacheRead: 1 }), haiku).charged).toBe(2);
    expect(costOf(NO_TOKENS, haiku).charged).toBe(0);
  });

  it("prices every class of tokens apart", () => {
    const opus = price("claude-opus-5-5");
    const million = 1_000_000;
    expect(costOf(tokens({ input: million }), opus).charged).toBe(4_000_000);
    expect(costOf(tokens({ output: million }), opus).charged).toBe(20_000_000);
    expect(costOf(tokens({ cacheRead: million }), opus).charged).toBe(200_000);
    expect(costOf(tokens({ cacheWrite5m: million }), opus).charged).toBe(5_000_000);
    expect(costOf(tokens({ cacheWrite1h: million }), opus).charged).toBe(8_000_000);
  });

  it("takes the long rates for the whole call once its prompt, cached tokens included, is long", () => {
    const haiku = price("claude-haiku-5-5");
    expect(costOf(tokens({ input: 60_000, cacheRead: 40_000 }), haiku).charged).toBe(6_400);
    expect(costOf(tokens({ input: 60_001, cacheRead: 40_000 }), haiku).charged).toBe(32_001);
  });

  it("costs in a batch what the book says of batches, rounded up once, and has no price where there are none", () => {
    const opus = price("claude-opus-5-5");
    expect(costOf(tokens({ input: 1_000_000, output: 3 }), opus, "in a batch").charged).toBe(2_000_030);
    expect(costOf(tokens({ input: 1 }), price("claude-haiku-5-5"), "in a batch").charged).toBe(1);
    expect(costOf(tokens({ output: 1_000_000 }), price("gpt-5.4"), "in a batch").charged).toBe(7_500_000);
    expect(() => costOf(tokens({ input: 1 }), price("demo"), "in a batch")).toThrow(/no batches/);
  });

  it("the demo model costs us nothing and is charged nominally", () => {
    expect(costOf(tokens({ input: 1000, output: 1000 }), price("demo"))).toEqual({
      provider: 0,
      charged: 1200,
    });
  });
});

describe("the worst case", () => {
  it("is never below what a call within its bounds costs, for any model and any split of its tokens", () => {
    let seed = 42;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    for (const row of PRICES) {
      for (let round = 0; round < 500; round += 1) {
        const cache = (["none", "5m", "1h"] as const)[random(3)] ?? "none";
        const bound = { input: random(300_000), output: random(64_000), cache };
        let room = Math.min(bound.input, row.contextTokens);
        const take = () => {
          const part = random(room + 1);
          room -= part;
          return part;
        };
        const used = tokens({
          cacheRead: cache === "none" ? 0 : take(),
          cacheWrite5m: cache === "none" ? 0 : take(),
          cacheWrite1h: cache === "1h" ? take() : 0,
          input: take(),
          output: random(bound.output + 1),
        });
        const { provider, charged } = costOf(used, row);
        expect(worstCaseOf(bound, row)).toBeGreaterThanOrEqual(Math.max(provider, charged));
      }
    }
  });

  it("is bounded by the model's context where nothing else bounds the prompt", () => {
    const bound = { input: Number.POSITIVE_INFINITY, output: 0, cache: "none" as const };
    expect(worstCaseOf(bound, price("claude-haiku-4-5"))).toBe(200_000);
  });
});
