import { expect, test } from "vitest";
import { type Basis, estimateRepair, estimateWrite } from "#engines/builder/estimate.ts";
import type { Plan } from "#engines/builder/plan.ts";
import { ceilingIn, quoteFor } from "#engines/builder/quote.ts";
import { REPAIRS } from "#engines/builder/tunables.ts";
import { type Price, priceOf } from "#ledger/prices.ts";
import { GOOD_PLAN, planned } from "../../support/scripted-builder.ts";

const DAY = new Date("2026-11-01");
const haiku = priceOf("claude-haiku-4-5", DAY) as Price;
const opus = priceOf("claude-opus-5-5", DAY) as Price;
const NO_CAP = { spentMicroUsd: 0, tightest: null };

function basisOf(given: Partial<Basis> & { files?: Plan["files"] } = {}): Basis {
  const plan = { ...GOOD_PLAN, files: given.files ?? GOOD_PLAN.files };
  return { plan, prices: [haiku], requestBytes: 100, presentBytes: new Map(), ...given };
}

test("a quote is what was spent, each file's call, and at the high end every repair", () => {
  const basis = basisOf();
  const writes = basis.plan.files.map((file) => estimateWrite(basis, file));
  const low = writes.reduce((sum, write) => sum + write.low, 0);
  const high = writes.reduce((sum, write) => sum + write.high, 0);
  expect(quoteFor(basis, 1_000, NO_CAP)).toEqual({
    files: 3,
    calls: 3,
    repairs: REPAIRS,
    lowMicroUsd: 1_000 + low,
    highMicroUsd: 1_000 + high + REPAIRS * estimateRepair(basis).high,
    ceilingMicroUsd: null,
  });
});

test("a file that exists costs its present length at least, in and out", () => {
  const [file] = GOOD_PLAN.files as [Plan["files"][number]];
  const without = estimateWrite(basisOf(), file);
  const present = estimateWrite(basisOf({ presentBytes: new Map([[file.path, 100_000]]) }), file);
  // 100,000 bytes are 20,000 tokens at least and 50,000 at most, read once and written once.
  expect(present.low).toBe(without.low + 20_000 * 1 + (20_000 - 20) * 5);
  expect(present.high).toBe(without.high + 50_000 * 1 + (62_500 - 1_500) * 5);
});

test("what a file depends on is read with it, a long one as its interface alone", () => {
  const long = { ...planned("long.js"), complexity: "high" as const };
  const alone = basisOf({ files: [long, planned("user.js")] });
  const using = basisOf({ files: [long, planned("user.js", ["long.js"])] });
  const cost = (basis: Basis) => estimateWrite(basis, basis.plan.files[1] as Plan["files"][number]);
  expect(cost(using).low).toBeGreaterThan(cost(alone).low + 399);
  expect(cost(using).high).toBeLessThan(cost(alone).high + 3_100);
});

test("the dearest that may answer sets the high end, the one that is asked the low end", () => {
  const [file] = GOOD_PLAN.files as [Plan["files"][number]];
  const one = estimateWrite(basisOf(), file);
  const both = estimateWrite(basisOf({ prices: [haiku, opus] }), file);
  expect(both.low).toBe(one.low);
  expect(both.high).toBe(estimateWrite(basisOf({ prices: [opus] }), file).high);
});

test("with a key of one's own there is nothing to pay", () => {
  const free = { ...haiku, rates: { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 } };
  expect(quoteFor(basisOf({ prices: [free] }), 0, NO_CAP)).toMatchObject({ lowMicroUsd: 0, highMicroUsd: 0 });
});

test("the ceiling of a run is what it has cost and what its tightest cap leaves", () => {
  const tightest = { cap: "agent", limitMicroUsd: 9_000, leftMicroUsd: 2_500 } as const;
  expect(ceilingIn({ spentMicroUsd: 500, tightest })).toBe(3_000);
  expect(quoteFor(basisOf(), 500, { spentMicroUsd: 500, tightest }).ceilingMicroUsd).toBe(3_000);
});
