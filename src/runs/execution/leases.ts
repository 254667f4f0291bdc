import type pg from "pg";
import type { Logger } from "#platform/log.ts";
import { Interruption } from "#runs/execution/interruption.ts";
import { BEAT_MS, LEASE_MS } from "#runs/tunables.ts";

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
}

const RENEW = `
UPDATE runs SET lease_until = now() + $2 * interval '1 ms'
 WHERE id = ANY($3) AND owner = $1 AND status = 'running' AND lease_until > now()
RETURNING id, fence, cancel_requested`;

/** Renews the leases of all that this runner executes, in one statement a beat. */
export class Leases {
  readonly #pool: pg.Pool;
  readonly #runnerId: string;
  readonly #log: Logger;
  readonly #held = new Map<string, Held>();
  readonly #timer: NodeJS.Timeout;

  constructor(pool: pg.Pool, runnerId: string, log: Logger) {
    this.#pool = pool;
    this.#runnerId = runnerId;
    this.#log = log;
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
      const { rows } = await this.#pool.query<{ id: string; fence: number; cancel_requested: boolean }>(
        RENEW,
        [this.#runnerId, LEASE_MS, asked.map((held) => held.runId)],
      );
      const renewed = new Map(rows.map((row) => [row.id, row]));
      for (const held of asked) this.#judge(held, renewed.get(held.runId), at);
    } catch (error) {
      this.#log.warn({ err: error }, "could not renew leases");
      // Without the database nobody can tell whether we still hold them; time alone decides.
      for (const held of asked) this.#giveUpWhenLapsed(held);
    }
  }

  #judge(held: Held, row: { fence: number; cancel_requested: boolean } | undefined, at: number): void {
    if (this.#held.get(held.runId) !== held) return;
    if (row?.fence === held.fence) held.renewedAt = at;
    else held.controller.abort(new Interruption("lost"));
    if (row?.cancel_requested) held.controller.abort(new Interruption("cancelled"));
  }

  #giveUpWhenLapsed(held: Held): void {
    if (performance.now() - held.renewedAt > LEASE_MS) held.controller.abort(new Interruption("lost"));
  }
}
