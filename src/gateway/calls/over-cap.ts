import type { ReserveOutcome } from "#ledger/reserve.ts";
import { AppError } from "#platform/errors.ts";

/** Which cap it was, by how much, and what to do: words for the person behind the caller. */
export function explainRefusal(outcome: ReserveOutcome & { reserved: false }, amount: number): AppError {
  const { name, remedy } = wordsFor(outcome.scope);
  return new AppError(
    "over_cap",
    `This call could cost up to ${usd(amount)}, and ${usd(outcome.left)} is left of ${name} (${usd(outcome.limit)}). ${remedy}`,
    {
      details: {
        scope: outcome.scope,
        worstCaseMicroUsd: amount,
        leftMicroUsd: outcome.left,
        limitMicroUsd: outcome.limit,
      },
    },
  );
}

function wordsFor(scope: string): { name: string; remedy: string } {
  const less = "ask for a shorter answer (max_tokens)";
  if (scope.startsWith("run:")) {
    return { name: "the run's ceiling", remedy: `Raise the agent's ceiling and try again, or ${less}.` };
  }
  if (scope.startsWith("agent:")) {
    return { name: "the agent's ceiling", remedy: `Raise the agent's ceiling, or ${less}.` };
  }
  if (scope.startsWith("user:")) {
    return {
      name: "this month's budget",
      remedy: `Raise the budget on the usage page, wait for the next month, or ${less}.`,
    };
  }
  return { name: "this installation's budget for the month", remedy: "Ask the operator to raise it." };
}

/** Micro-dollars as dollars, all six places: what is compared is exact, so what is said is, too. */
function usd(micro: number): string {
  return `$${(micro / 1_000_000).toFixed(6)}`;
}
