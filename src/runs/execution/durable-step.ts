import type { StepContext } from "#engines/engine.ts";
import { isOverCap } from "#engines/refused-call.ts";
import { toAppError } from "#platform/errors.ts";
import { type Checkpoints, closeStep, openStep } from "#runs/execution/checkpoints.ts";
import type { EventWriter } from "#runs/execution/event-writer.ts";
import type { Execution } from "#runs/execution/execution.ts";
import { Interruption } from "#runs/execution/interruption.ts";
import { isPassing, patiently } from "#runs/execution/patiently.ts";
import { stepTools } from "#runs/execution/step-tools.ts";
import { Teller } from "#runs/execution/teller.ts";
import { Told } from "#runs/execution/told.ts";

type Work<T> = (context: StepContext) => Promise<T>;

/** Makes the `step` of an execution: see RunContext.step. */
export function durableSteps(execution: Execution, checkpoints: Checkpoints, writer: EventWriter) {
  const company = new Company();
  return async function step<T>(key: string, title: string, work: Work<T>): Promise<T> {
    execution.lease.assertHeld();
    const fullKey = `r${execution.round}/${key}`;
    const before = checkpoints.steps.get(fullKey);
    if (before?.status === "done") return before.result as T;
    const attempt = before?.attempt ?? 1;
    const teller = new Teller(writer, fullKey, checkpoints.told.get(fullKey) ?? new Told());
    const said = { type: "step", key: fullKey, title, attempt } as const;
    if (!before) {
      const first = teller.first({ ...said, status: "running" });
      await writer.storeWith((waiting) =>
        openStep(execution.pool, execution, { key: fullKey, title }, [...waiting, first]),
      );
    }
    const close = (status: "done" | "failed", result: unknown, detail?: string) =>
      writer.storeWith((waiting) =>
        closeStep(execution.pool, execution, { key: fullKey, status, result }, (figures) => [
          ...waiting,
          teller.last({ ...said, status, ...figures, detail }),
        ]),
      );
    const result = await company
      .during(() =>
        repeating(execution, teller, company, () => work(stepTools(execution, fullKey, attempt, teller))),
      )
      .catch(async (error: unknown) => {
        // What stopped for want of money is not over: given some, it goes on as after a crash.
        const goesOn = error instanceof Interruption || isOverCap(error);
        if (!execution.lease.signal.aborted && !goesOn)
          await close("failed", null, toAppError(error).message);
        throw error;
      });
    return (await close("done", result)) as T;
  };
}

/**
 * A step that lost its workspace or the gateway for a moment is repeated, as after a crash. So is one that was refused
 * over a cap while other steps of the run hold their worst cases under it, as soon as one of those has ended.
 */
async function repeating<T>(
  execution: Execution,
  teller: Teller,
  company: Company,
  work: () => Promise<T>,
): Promise<T> {
  const once = async (): Promise<T> => {
    for (;;) {
      try {
        teller.rewind();
        return await work();
      } catch (error) {
        const freed = !execution.lease.signal.aborted && isOverCap(error) && (await company.oneEnds());
        if (!freed) throw error;
      }
    }
  };
  return patiently(execution, once, isPassing);
}

/** The steps of a run that are at work at the same time. */
class Company {
  #working = 0;
  #end = Promise.withResolvers<void>();

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#working += 1;
    try {
      return await work();
    } finally {
      this.#working -= 1;
      this.#end.resolve();
      this.#end = Promise.withResolvers<void>();
    }
  }

  /** Waits, itself out of work, for the end of another. false: none other is at work. */
  async oneEnds(): Promise<boolean> {
    if (this.#working <= 1) return false;
    this.#working -= 1;
    await this.#end.promise;
    this.#working += 1;
    return true;
  }
}
