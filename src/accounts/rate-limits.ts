import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "#platform/errors.ts";

/** How much more an address may ask than a user: an office shares one. */
const USERS_PER_ADDRESS = 5;

/**
 * Requests a minute, by user and by address. Counted in this process's memory: the limits keep floods off the
 * database and must not cost a write to it themselves. With several web nodes behind a balancer each node counts for
 * itself, so the sum is at most nodes times the limit. What must be exact over nodes (agents, runs, money) is a row.
 */
export interface RateLimits {
  /** before the credential is looked at: the cheapest refusal. @throws AppError rate_limited */
  address(address: string): Promise<void>;
  /** a credential was refused: that weighs as much as a user's share. @throws AppError rate_limited */
  refusedAt(address: string): Promise<void>;
  /** @throws AppError rate_limited */
  user(userId: string): Promise<void>;
  /** @throws AppError rate_limited */
  signIn(address: string): Promise<void>;
}

export function createRateLimits(perMinute: { api: number; signIn: number }): RateLimits {
  const address = limiter("address", perMinute.api * USERS_PER_ADDRESS);
  const user = limiter("user", perMinute.api);
  const signIn = limiter("sign-in", perMinute.signIn);
  return {
    address: (key) => address(key, 1),
    refusedAt: (key) => address(key, USERS_PER_ADDRESS - 1),
    user: (key) => user(key, 1),
    signIn: (key) => signIn(key, 1),
  };
}

function limiter(keyPrefix: string, points: number): (key: string, weight: number) => Promise<void> {
  if (points === 0) return async () => {};
  const memory = new RateLimiterMemory({ keyPrefix, points, duration: 60 });
  return async (key, weight) => {
    try {
      await memory.consume(key, weight);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new AppError("rate_limited", `Too many requests. Try again in ${retryAfterSeconds} s.`, {
        details: { retryAfterSeconds },
      });
    }
  };
}
