import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Caller } from "#gateway/http/authenticate.ts";
import { AppError } from "#platform/errors.ts";

/** One token, or one run, may use this share of its user's limit: a run that has gone wild leaves room for the others. */
const TOKEN_SHARE = 0.75;

/**
 * Requests a minute for each user, and for each of their tokens and runs; 0: no limit. Counted in this process: it keeps
 * floods away from the database and must not cost a write to it. What must be exact over several gateways is money, and
 * that is in rows.
 */
export function rateLimit(perMinute: number): (caller: Caller) => Promise<void> {
  if (perMinute === 0) return async () => {};
  const users = new RateLimiterMemory({ keyPrefix: "user", points: perMinute, duration: 60 });
  const perToken = Math.ceil(perMinute * TOKEN_SHARE);
  const tokens = new RateLimiterMemory({ keyPrefix: "token", points: perToken, duration: 60 });
  return async ({ bearer, credential }) => {
    try {
      await tokens.consume(credential);
      await users.consume(bearer.userId);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new AppError("rate_limited", `Too many model calls. Try again in ${retryAfterSeconds} s.`, {
        details: { retryAfterSeconds },
      });
    }
  };
}
