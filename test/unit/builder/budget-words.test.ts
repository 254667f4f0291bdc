import { expect, test } from "vitest";
import { sayBudget } from "#engines/builder/budget-words.ts";

const FIGURES = {
  cap: "agent" as const,
  limitMicroUsd: 8_000,
  leftMicroUsd: 7_650,
  spentMicroUsd: 350,
  lowMicroUsd: 1_000,
  highMicroUsd: 1_234_567,
  ceilingMicroUsd: 8_000,
};

test("a question about money says what was spent, what is expected, what is left of which cap, and what can be done", () => {
  expect(sayBudget("en", FIGURES)).toBe(
    "$0.0004 is spent, and $0.0010–$1.23 is expected still; $0.0077 is left of this agent's ceiling ($0.0080). Raise the ceiling in the agent's settings and go on, or go on as far as the rest reaches.",
  );
});

test.each(["en", "ko", "ja"] as const)(
  "in %s each cap has words of its own, and each sum is said",
  (human) => {
    const said = (["run", "agent", "month", "site"] as const).map((cap) =>
      sayBudget(human, { ...FIGURES, cap }),
    );
    expect(new Set(said).size).toBe(4);
    for (const sentence of said)
      for (const sum of ["$0.0004", "$0.0010–$1.23", "$0.0077", "$0.0080"]) expect(sentence).toContain(sum);
  },
);

test("what is not known is left out", () => {
  const unplanned = { ...FIGURES, lowMicroUsd: null, highMicroUsd: null };
  expect(sayBudget("en", unplanned)).toMatch(/^\$0\.0004 is spent; \$0\.0077 is left/);
  expect(sayBudget("en", { ...unplanned, cap: null })).toBe("$0.0004 is spent. Go on?");
});
