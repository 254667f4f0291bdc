import type pg from "pg";
import type { Logger } from "#platform/log.ts";
import { Interruption } from "#runs/execution/interruption.ts";
import { tellStandstill } from "#runs/execution/standstill.ts";
import { BEAT_MS, LEASE_MS, STANDS_STILL_MS } from "#runs/tunables.ts";

/** One holding of one run, from its claim to its end. */
export interface Lease {
  readonly runId: string;
  readonly fence: number;
  /** Aborted with an Interruption when the run must be let go. */
  readonly signal: AbortSignal;
  /** @throws Interruption once the lease may have lapsed, also before any timer could tell (a frozen process woke) */
  assertHeld(): void;
}

interface Held extends Lease {
  readonly controller: AbortController;
  /** monotonic milliseconds of the last renewal, taken before it was asked for */
  renewedAt: number;
  /** how far its log has got, and since when (monotonic milliseconds) */
  lastSeq: number;
  movedAt: number;
}

interface Renewed {
  id: string;
  fence: number;
  cancel_requested: boolean;
  last_seq: number;
}

const RENEW = `
UPDATE runs SET lease_until = now() + $2 * interval '1 ms'
 WHERE id = ANY($3) AND owner = $1 AND status = 'running' AND lease_until > now()
RETURNING id, fence, cancel_requested, last_seq`;

/** Renews the leases of all that this runner executes, in one statement a beat. */
export class Leases {
  readonly #pool: pg.Pool;
  readonly #runnerId: string;
  readonly #log: Logger;
  readonly #held = new Map<string, Held>();
  readonly #standsStillMs: number;
  readonly #timer: NodeJS.Timeout;

  constructor(pool: pg.Pool, runnerId: string, log: Logger, standsStillMs = STANDS_STILL_MS) {
    this.#pool = pool;
    this.#runnerId = runnerId;
    this.#log = log;
    this.#standsStillMs = standsStillMs;
    this.#timer = setInterval(() => void this.beat(), BEAT_MS);
  }

  /** `claimedAt`: performance.now() from before the claim. */
  hold(run: { runId: string; fence: number }, claimedAt: number): Lease {
    const controller = new AbortController();
    const held: Held = {
      runId: run.runId,
      fence: run.fence,
      controller,
      signal: controller.signal,
      renewedAt: claimedAt,
      lastSeq: -1,
      movedAt: claimedAt,
      assertHeld() {
        if (performance.now() - held.renewedAt > LEASE_MS) controller.abort(new Interruption("lost"));
        controller.signal.throwIfAborted();
      },
    };
    this.#held.set(run.runId, held);
    return held;
  }

  release(lease: Lease): void {
    if (this.#held.get(lease.runId) === lease) this.#held.delete(lease.runId);
  }

  /** Ends the execution of a run that a person cancelled. */
  cancel(runId: string): void {
    this.#held.get(runId)?.controller.abort(new Interruption("cancelled"));
  }

  /** Asks every execution to let go. */
  stop(): void {
    for (const held of this.#held.values()) held.controller.abort(new Interruption("stopping"));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async beat(): Promise<void> {
    if (this.#held.size === 0) return;
    const asked = [...this.#held.values()];
    const at = performance.now();
    try {
      const { rows } = await this.#pool.query<Renewed>(RENEW, [
        this.#runnerId,
        LEASE_MS,
        asked.map((held) => held.runId),
      ]);
      const renewed = new Map(rows.map((row) => [row.id, row]));
      for (const held of asked) this.#judge(held, renewed.get(held.runId), at);
    } catch (error) {
      this.#log.warn({ err: error }, "could not renew leases");
      // Without the database nobody can tell whether we still hold them; time alone decides.
      for (const held of asked) this.#giveUpWhenLapsed(held);
    }
  }

  #judge(held: Held, row: Renewed | undefined, at: number): void {
    if (this.#held.get(held.runId) !== held) return;
    if (row?.fence === held.fence) held.renewedAt = at;
    else held.controller.abort(new Interruption("lost"));
    if (row?.cancel_requested) held.controller.abort(new Interruption("cancelled"));
    else if (row) this.#watch(held, row.last_seq, at);
  }

  /** One that stands still is let go and renewed no more, whatever holds it up: another execution may come on. */
  #watch(held: Held, lastSeq: number, at: number): void {
    if (lastSeq !== held.lastSeq) {
      held.lastSeq = lastSeq;
      held.movedAt = at;
    }
    if (at - held.movedAt < this.#standsStillMs) return;
    this.#held.delete(held.runId);
    const { runId, fence } = held;
    this.#log.warn({ runId, fence }, "a run stands still; it is let go, to be taken up again");
    void tellStandstill(this.#pool, held, this.#standsStillMs)
      .catch((error: unknown) =>
        this.#log.warn({ err: error, runId }, "could not say that a run stands still"),
      )
      .finally(() => held.controller.abort(new Interruption("lost")));
  }

  #giveUpWhenLapsed(held: Held): void {
    if (performance.now() - held.renewedAt > LEASE_MS) held.controller.abort(new Interruption("lost"));
  }
}
