import type pg from "pg";
import { dropOldCalls, renewCalls } from "#gateway/calls/model-calls.ts";
import { LEDGER_CHECK_MS, RENEW_MS, RESERVATION_TTL_SECONDS, SWEEP_MS } from "#gateway/tunables.ts";
import { checkLedger } from "#ledger/check-ledger.ts";
import type { Holds } from "#ledger/holds.ts";
import { renewReservations, sweepReservations } from "#ledger/sweep-reservations.ts";
import { AppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";

/** The calls that this gateway is making: it renews what it holds for them, and clears up after gateways that died. */
export class CallsUnderWay {
  readonly #ids = new Map<string, Promise<unknown>>();
  #draining = false;
  readonly #timers: NodeJS.Timeout[];
  readonly #stopping = new AbortController();
  readonly #pool: pg.Pool;
  readonly #holds: Holds;
  readonly #log: Logger;

  constructor(pool: pg.Pool, holds: Holds, log: Logger) {
    this.#pool = pool;
    this.#holds = holds;
    this.#log = log;
    this.#timers = [
      setInterval(() => this.#try("renew", () => this.#renew()), RENEW_MS),
      setInterval(() => this.#try("sweep", () => this.sweep()), SWEEP_MS),
      setInterval(() => this.#try("drop recordings", () => dropOldCalls(this.#pool)), 3_600_000),
      setInterval(() => this.#try("check the ledger", () => this.check()), LEDGER_CHECK_MS),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  /** How many calls are not entered yet. */
  get count(): number {
    return this.#ids.size;
  }

  /** Aborted when the process may wait no longer: calls break off then. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /**
   * Keeps the call's lease and reservation alive until the returned function is called.
   * @throws AppError unavailable when the gateway is stopping
   */
  begin(callId: string): () => void {
    if (this.#draining) throw new AppError("unavailable", "This gateway is stopping. Try again at once.");
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ids.set(callId, promise);
    return () => {
      this.#ids.delete(callId);
      resolve();
    };
  }

  everyHour(what: string, work: () => Promise<void>): void {
    this.#timers.push(setInterval(() => this.#try(what, work), 3_600_000).unref());
  }

  async sweep(): Promise<void> {
    const swept = await sweepReservations(this.#pool);
    if (swept > 0) this.#log.warn({ swept }, "settled reservations of a gateway that stopped in mid-call");
  }

  /** Says in the log, as an error, where the ledger's figures do not agree. */
  async check(): Promise<void> {
    const disagreements = await checkLedger(this.#pool);
    if (disagreements.length > 0) this.#log.error({ disagreements }, "the ledger's figures do not agree");
  }

  /** Waits for the calls under way, at most so long; then breaks them off and lets them settle. */
  async drain(withinMs: number): Promise<void> {
    this.#draining = true;
    const patience = setTimeout(() => this.#stopping.abort(new Error("the gateway is stopping")), withinMs);
    await Promise.all(this.#ids.values());
    clearTimeout(patience);
    await this.#holds.close();
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #renew(): Promise<void> {
    const ids = [...this.#ids.keys()];
    await this.#holds.renew(RESERVATION_TTL_SECONDS);
    if (ids.length === 0) return;
    await renewReservations(this.#pool, ids, RESERVATION_TTL_SECONDS);
    await renewCalls(this.#pool, ids);
  }

  #try(what: string, work: () => Promise<void>): void {
    work().catch((error: unknown) =>
      this.#log.error({ err: error, what }, "housekeeping failed; next time again"),
    );
  }
}
