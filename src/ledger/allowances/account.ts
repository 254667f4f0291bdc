import {
  ALLOWANCE_BLOCKED_MS,
  ALLOWANCE_DRAWABLE,
  ALLOWANCE_FIRST,
  ALLOWANCE_IDLE_MS,
  ALLOWANCE_MOST,
  ALLOWANCE_SHARE,
} from "#ledger/batch/tunables.ts";
import type { ReserveRequest } from "#ledger/reserve.ts";
import type { Cap } from "#ledger/scopes.ts";
import { newId } from "#platform/ids.ts";
import { Allowance } from "./allowance.ts";

/** Calls that stand against the same caps, and what this process has taken from these ahead of them. */
export class Account {
  readonly caps: readonly Cap[];
  current: Allowance | null = null;
  #opening: Promise<Allowance | null> | null = null;
  #calledAt = Number.NEGATIVE_INFINITY;
  #blockedUntil = 0;
  #openedAt = 0;
  /** how many calls the next allowance is for */
  #calls = ALLOWANCE_FIRST;

  constructor(caps: readonly Cap[]) {
    this.caps = caps;
  }

  /** Whether this call follows the last one so closely that an allowance pays, and the caps are far enough away. */
  isBusy(now: number): boolean {
    const since = now - this.#calledAt;
    this.#calledAt = now;
    return since < ALLOWANCE_IDLE_MS && now >= this.#blockedUntil;
  }

  unusedFor(ms: number, now: number): boolean {
    return now - this.#calledAt >= ms;
  }

  standsAgainst(scope: string): boolean {
    return this.caps.some((cap) => cap.scope === scope);
  }

  /** For a while, every call is held by itself. */
  block(now: number): void {
    this.#blockedUntil = now + ALLOWANCE_BLOCKED_MS;
    this.#calls = ALLOWANCE_FIRST;
    this.current?.retire();
  }

  /** Takes a new allowance, once for all that wait for it; null when the caps are too near. */
  enlarge(
    request: ReserveRequest,
    take: (request: ReserveRequest) => Promise<boolean>,
  ): Promise<Allowance | null> {
    this.#opening ??= this.#open(request, take).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(
    request: ReserveRequest,
    take: (request: ReserveRequest) => Promise<boolean>,
  ): Promise<Allowance | null> {
    const now = Date.now();
    // One that was soon used up was too small.
    if (now - this.#openedAt < ALLOWANCE_IDLE_MS) this.#calls = Math.min(ALLOWANCE_MOST, this.#calls * 2);
    this.#openedAt = now;
    const amount = request.amount * this.#calls;
    const drawable = Math.min(amount, Math.max(request.amount * ALLOWANCE_DRAWABLE, this.current?.peak ?? 0));
    const { caps } = this;
    const near = caps.some(({ limit }) => limit !== null && amount * ALLOWANCE_SHARE > limit);
    const asked = {
      ...request,
      callId: newId(),
      bearer: { ...request.bearer, stepKey: null },
      provider: "several",
      model: "several",
      amount,
      drawable,
      // A small share of what is left: nobody shall be refused for what only lies ready.
      caps: caps.map(({ scope, limit }) => ({
        scope,
        limit: limit === null ? null : limit - amount * (ALLOWANCE_SHARE - 1),
      })),
    };
    if (near || !(await take(asked))) {
      this.block(Date.now());
      return null;
    }
    this.current?.retire();
    this.current = new Allowance(asked.callId, amount, drawable);
    return this.current;
  }
}
