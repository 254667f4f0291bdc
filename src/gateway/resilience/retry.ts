import { setTimeout as delay } from "node:timers/promises";
import type { UpstreamAnswer } from "#gateway/provider.ts";
import { RETRIES, RETRY_BASE_MS, RETRY_PATIENCE_MS, RETRY_RESERVE, RETRY_SHARE } from "#gateway/tunables.ts";
import { AppError } from "#platform/errors.ts";
import { isTrouble } from "./circuits.ts";

/** How many retries a provider's calls have earned: a share of them, so that retries never multiply a failure. */
export class RetryBudget {
  #left = RETRY_RESERVE;

  earn(): void {
    this.#left = Math.min(RETRY_RESERVE, this.#left + RETRY_SHARE);
  }

  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/**
 * Asks again where the provider has done nothing yet: it could not be reached, or said that it is in trouble and for no
 * longer than we wait. Nothing is ever repeated after the first byte of an answer.
 */
export async function withRetries(
  ask: () => Promise<UpstreamAnswer>,
  options: { budget: RetryBudget; streamed: boolean; signal: AbortSignal; onRetry: () => void },
): Promise<UpstreamAnswer> {
  options.budget.earn();
  for (let retry = 0; ; retry += 1) {
    const outcome = await ask().catch((error: unknown) => asAppError(error));
    const waitMs =
      outcome instanceof AppError
        ? waitAfterError(outcome, options.streamed, retry)
        : waitAfter(outcome, retry);
    if (waitMs === null || retry >= RETRIES || options.signal.aborted || !options.budget.spend()) {
      if (outcome instanceof AppError) throw outcome;
      return outcome;
    }
    if (!(outcome instanceof AppError)) await discard(outcome);
    options.onRetry();
    await delay(waitMs, undefined, { signal: options.signal }).catch(() => {
      throw outcome instanceof AppError
        ? outcome
        : new AppError("upstream_failed", "The call was broken off.");
    });
  }
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}

function waitAfterError(error: AppError, streamed: boolean, retry: number): number | null {
  const { notSent, broken } = error.details;
  // A connection that broke before a stream began: kept too long, most often. A whole answer might have been made.
  return notSent === true || (broken === true && streamed) ? jitter(retry) : null;
}

function waitAfter({ status, headers }: UpstreamAnswer, retry: number): number | null {
  if (!isTrouble(status)) return null;
  const asked = retryAfterMs(headers["retry-after"]);
  if (asked === null) return jitter(retry);
  return asked <= RETRY_PATIENCE_MS ? asked + Math.random() * RETRY_BASE_MS : null;
}

/** Seconds or a date (RFC 9110, section 10.2.3), as milliseconds from now. */
function retryAfterMs(value: string | undefined): number | null {
  if (value === undefined) return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

function jitter(retry: number): number {
  return Math.random() * RETRY_BASE_MS * 2 ** retry;
}

async function discard(answer: UpstreamAnswer): Promise<void> {
  try {
    for await (const _ of answer.body) {
      // Read to its end, so that the connection can be used again.
    }
  } catch {
    // It was of no use anyway.
  }
}
