import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "#platform/errors.ts";

/**
 * Requests a minute and user; 0: no limit. Counted in this process: it keeps floods away from the database and must
 * not cost a write to it. What must be exact over several gateways is money, and that is in rows.
 */
export function rateLimit(perMinute: number): (userId: string) => Promise<void> {
  if (perMinute === 0) return async () => {};
  const limiter = new RateLimiterMemory({ keyPrefix: "models", points: perMinute, duration: 60 });
  return async (userId) => {
    try {
      await limiter.consume(userId);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new AppError("rate_limited", `Too many model calls. Try again in ${retryAfterSeconds} s.`, {
        details: { retryAfterSeconds },
      });
    }
  };
}
