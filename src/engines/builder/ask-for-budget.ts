import { BudgetNeeded, isAboutMoney } from "#engines/budget-needed.ts";
import { sayBudget } from "#engines/builder/budget-words.ts";
import { ceilingIn } from "#engines/builder/quote.ts";
import type { Human } from "#engines/builder/wording.ts";
import type { EngineOutcome, RunContext } from "#engines/engine.ts";
import type { BudgetFigures } from "#events/vocabulary.ts";

/** Asks the person whether the run shall go on. What it was stopped by is money; else it is thrown on. */
export async function askForBudget(
  context: RunContext,
  human: Human,
  error: unknown,
): Promise<EngineOutcome> {
  if (!isAboutMoney(error)) throw error;
  const rest = error instanceof BudgetNeeded ? error.rest() : null;
  const room = await context.money.room();
  const { tightest } = room;
  const budget: BudgetFigures = {
    cap: tightest?.cap ?? null,
    limitMicroUsd: tightest?.limitMicroUsd ?? null,
    leftMicroUsd: tightest?.leftMicroUsd ?? null,
    spentMicroUsd: room.spentMicroUsd,
    lowMicroUsd: rest?.low ?? null,
    highMicroUsd: rest?.high ?? null,
    ceilingMicroUsd: ceilingIn(room),
  };
  return { kind: "review", review: "budget", summary: sayBudget(human, budget), budget };
}
