import type pg from "pg";
import { Batcher } from "#ledger/batch/batcher.ts";
import { CLIPPED } from "#ledger/batch/settle-at-once.ts";
import {
  ALLOWANCE_CHECK_MS,
  ALLOWANCE_IDLE_MS,
  BATCH_MOST,
  ENTRIES_MOST,
  ENTRIES_PATIENCE_MS,
  HOLD_PATIENCE_MS,
} from "#ledger/batch/tunables.ts";
import { type ReserveOutcome, type ReserveRequest, reserve } from "#ledger/reserve.ts";
import { flushed, type Release, type Settlement, settle } from "#ledger/settle.ts";
import { Account } from "./allowances/account.ts";
import type { Allowance } from "./allowances/allowance.ts";
import { type DrawnEntry, settleDrawn } from "./allowances/settle-drawn.ts";
import { type Raise, raiseDrawable, renewAllowances } from "./allowances/write-drawable.ts";

/** What a call holds: a reservation of its own, or a part of an allowance. */
export interface Hold {
  request: ReserveRequest;
  allowance: Allowance | null;
}

export type HoldOutcome = { reserved: true; hold: Hold } | (ReserveOutcome & { reserved: false });

/** How often a call waits for a larger allowance before it is held by itself. */
const ENLARGEMENTS = 4;

/** An account that nobody has called with for this long is forgotten. */
const FORGOTTEN_MS = 10_000;

/** Told to every gateway: give back what lies ready against this scope. */
export const RECALL_CHANNEL = "carrel_allowances";

/**
 * Holds calls' worst cases. A caller that calls rarely, or is near a cap, has each call held by itself in the database;
 * for one that calls again and again an allowance is taken ahead, from which its calls are held here.
 */
export class Holds {
  readonly #accounts = new Map<string, Account>();
  /** every allowance that is not given back yet */
  readonly #allowances = new Set<Allowance>();
  readonly #writer: Batcher<DrawnEntry, boolean>;
  readonly #raiser: Batcher<Raise, boolean>;
  readonly #timer: NodeJS.Timeout;
  readonly #pool: pg.Pool;
  readonly #failed: (error: unknown) => void;

  /** `failed`: told of housekeeping that will be tried again. */
  constructor(pool: pg.Pool, failed: (error: unknown) => void) {
    this.#pool = pool;
    this.#failed = failed;
    this.#writer = new Batcher((batch) => settleDrawn(pool, batch), {
      most: ENTRIES_MOST,
      patienceMs: ENTRIES_PATIENCE_MS,
    });
    this.#raiser = new Batcher((batch) => raiseDrawable(pool, batch), {
      most: BATCH_MOST,
      patienceMs: HOLD_PATIENCE_MS,
    });
    this.#timer = setInterval(() => this.#tidy(), ALLOWANCE_CHECK_MS).unref();
  }

  /**
   * `alone`: by a reservation of its own, whatever the load, because others will look for it; on disk, so that a call
   * which outlives a crash of the database is still charged.
   */
  async hold(request: ReserveRequest, alone: boolean): Promise<HoldOutcome> {
    const now = Date.now();
    const account = this.#accountOf(request);
    if (account.isBusy(now) && !alone) {
      const allowance = await this.#draw(account, request);
      if (allowance) return { reserved: true, hold: { request, allowance } };
    }
    const outcome = await reserve(this.#pool, request);
    if (outcome.reserved && alone) await flushed(this.#pool);
    if (outcome.reserved) return { reserved: true, hold: { request, allowance: null } };
    await this.#recallEverywhere(outcome.scope);
    return outcome;
  }

  /** What was charged, micro-dollars; null: somebody settled it before, as the call of a process that died. */
  async settle({ request, allowance }: Hold, settlement: Settlement): Promise<number | null> {
    if (!allowance) return settle(this.#pool, settlement);
    const { bearer, provider, model, amount } = request;
    const due = Math.min(settlement.cost.charged, amount);
    allowance.putBack(amount - due);
    const reason = settlement.cost.charged > amount ? CLIPPED : settlement.reason;
    const entry = { ...settlement, allowance: allowance.id, bearer, provider, model, due, reason };
    let written: boolean;
    try {
      written = await this.#writer.add(entry);
    } catch (error) {
      // Not renewed and not given back: it expires, and what is in use of it is the platform's cost.
      this.#lose(allowance);
      throw error;
    }
    if (!written) this.#lose(allowance);
    allowance.done(due);
    return written ? due : null;
  }

  async release({ request, allowance }: Hold): Promise<void> {
    if (allowance) {
      allowance.putBack(request.amount);
      allowance.done(0);
      return;
    }
    await settle(this.#pool, { callId: request.callId, released: true } satisfies Release);
  }

  /** Keeps the allowances for as long as this process lives, and has their rows say how much of them is in use. */
  async renew(ttlSeconds: number): Promise<void> {
    const allowances = [...this.#allowances];
    if (allowances.length === 0) return;
    const levels = allowances.map((allowance) => ({ id: allowance.id, drawable: allowance.lower() }));
    const written = renewAllowances(this.#pool, levels, ttlSeconds);
    for (const allowance of allowances) allowance.lowers(written);
    await written;
  }

  /** Gives back at once what lies ready against a scope, here; for a while, its calls are held one by one. */
  recall(scope: string): void {
    const now = Date.now();
    for (const account of this.#accounts.values()) if (account.standsAgainst(scope)) account.block(now);
    this.#writer.hurry();
    this.#tidy();
  }

  /** Gives everything back; no call is under way any more. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const allowance of this.#allowances) allowance.retire();
    await Promise.all([...this.#allowances].map((allowance) => this.#giveBack(allowance)));
  }

  async #draw(account: Account, request: ReserveRequest): Promise<Allowance | null> {
    for (let n = 0; ; ) {
      const { current } = account;
      if (current && (await this.#drawFrom(current, request.amount))) return current;
      // Meanwhile there may be another one, from which nothing was tried.
      if (account.current !== current) continue;
      if (n === ENLARGEMENTS) return null;
      n += 1;
      const allowance = await account.enlarge(request, (asked) => this.#take(asked));
      if (!allowance) return null;
      this.#allowances.add(allowance);
    }
  }

  async #drawFrom(allowance: Allowance, amount: number): Promise<boolean> {
    while (!allowance.draw(amount)) {
      if (!allowance.has(amount)) return false;
      await allowance.raise(amount, (drawable) => this.#raiser.add({ id: allowance.id, drawable }));
    }
    return true;
  }

  async #take(asked: ReserveRequest): Promise<boolean> {
    return (await reserve(this.#pool, asked)).reserved;
  }

  async #recallEverywhere(scope: string): Promise<void> {
    this.recall(scope);
    await this.#pool.query("SELECT pg_notify($1, $2)", [RECALL_CHANNEL, scope]);
  }

  #tidy(): void {
    const now = Date.now();
    for (const [key, account] of this.#accounts) {
      if (account.current?.unusedFor(ALLOWANCE_IDLE_MS)) account.current.retire();
      if (account.current?.isOpen) continue;
      account.current = null;
      if (account.unusedFor(FORGOTTEN_MS, now)) this.#accounts.delete(key);
    }
    for (const allowance of this.#allowances) {
      if (!allowance.isOpen && allowance.isIdle) this.#giveBack(allowance).catch(this.#failed);
    }
  }

  async #giveBack(allowance: Allowance): Promise<void> {
    this.#allowances.delete(allowance);
    try {
      await settle(this.#pool, { callId: allowance.id, released: true });
    } catch (error) {
      this.#allowances.add(allowance);
      throw error;
    }
  }

  #lose(allowance: Allowance): void {
    allowance.retire();
    this.#allowances.delete(allowance);
  }

  #accountOf({ caps }: ReserveRequest): Account {
    let key = "";
    for (const { scope, limit } of caps) key += `${scope} ${limit};`;
    let account = this.#accounts.get(key);
    if (!account) {
      account = new Account(caps);
      this.#accounts.set(key, account);
    }
    return account;
  }
}
