import { isOverCap } from "#engines/refused-call.ts";

/** Whether work stopped for want of money alone: a person may give more, and it goes on where it stopped. */
export function isAboutMoney(error: unknown): boolean {
  return error instanceof BudgetNeeded || isOverCap(error);
}

/** Thrown instead of beginning, or going on with, what the run's caps leave no room for. */
export class BudgetNeeded extends Error {
  /** what is expected still, in micro-dollars, as it stands when it is asked */
  readonly rest: () => { low: number; high: number };
  /** whether a person was asked under this ceiling already, and let the run go on as far as it reaches */
  readonly asked: boolean;

  constructor(
    rest: () => { low: number; high: number },
    { asked = false, ...options }: { asked?: boolean; cause?: unknown } = {},
  ) {
    super("what is left of the run's money is less than what is expected still", options);
    this.name = "BudgetNeeded";
    this.rest = rest;
    this.asked = asked;
  }
}
