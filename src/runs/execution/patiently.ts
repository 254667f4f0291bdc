import { setTimeout as pause } from "node:timers/promises";
import { AnthropicError, APIError, InternalServerError, RateLimitError } from "@anthropic-ai/sdk";
import { isPassing as isDatabaseAway } from "#platform/db.ts";
import { isAppError } from "#platform/errors.ts";
import type { Execution } from "#runs/execution/execution.ts";
import { Interruption } from "#runs/execution/interruption.ts";
import { REPEAT_PAUSES_MS } from "#runs/tunables.ts";

/** Does it again, after ever longer pauses, where what it needs was away for a moment. */
export async function patiently<T>(
  { lease, log }: Execution,
  work: () => Promise<T>,
  isWorth: (error: unknown) => boolean,
): Promise<T> {
  const pauses = [...REPEAT_PAUSES_MS];
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (lease.signal.aborted) throw error;
      const wait = isWorth(error) ? pauses.shift() : undefined;
      if (wait === undefined) throw error;
      log.warn({ reason: String(error) }, "what failed for a moment is done again");
      await pause(wait, undefined, { signal: lease.signal });
    }
  }
}

/** For work outside of any step: the workspace fell, or has to be started. */
export function isAway(error: unknown): boolean {
  return isAppError(error) && error.code === "unavailable";
}

/** For the work of a step: the workspace, the gateway, its model, or the step's own look into the database. */
export function isPassing(error: unknown): boolean {
  if (isAppError(error)) return error.code === "unavailable" || error.details.moved === true;
  // Where a step's events could not be stored it is not repeated here, but by another execution.
  if (error instanceof Interruption) return false;
  if (!(error instanceof AnthropicError)) return isDatabaseAway(error);
  if (error instanceof RateLimitError || error instanceof InternalServerError) return true;
  // Without a status: the connection failed, or the answer broke off in its middle. Asked again, it is whole or new.
  return error instanceof APIError ? error.status === undefined : true;
}
