import type pg from "pg";
import { ENDED_RUNS_MS } from "#gateway/tunables.ts";
import type { Logger } from "#platform/log.ts";

/**
 * Tells calls that go on without their caller when nobody will come back for their answer: their run was cancelled, or
 * is over. What a crashed runner left is another matter, since its run is still on.
 */
export class EndedRuns {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  readonly #calls = new Map<AbortController, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(pool: pg.Pool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
  }

  /** The signal is aborted when the run has ended; `release` when the call has. */
  watch(runId: string): { ended: AbortSignal; release: () => void } {
    const controller = new AbortController();
    this.#calls.set(controller, runId);
    this.#timer ??= setInterval(() => void this.#look(), ENDED_RUNS_MS).unref();
    const release = () => {
      this.#calls.delete(controller);
      if (this.#calls.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
    return { ended: controller.signal, release };
  }

  async #look(): Promise<void> {
    const runs = [...new Set(this.#calls.values())];
    try {
      const { rows } = await this.#pool.query<{ id: string }>({
        name: "ended-runs",
        text: `SELECT id FROM runs WHERE id = ANY($1)
                  AND (cancel_requested OR status NOT IN ('queued', 'running', 'awaiting_review'))`,
        values: [runs],
      });
      const ended = new Set(rows.map(({ id }) => id));
      for (const [controller, runId] of this.#calls)
        if (ended.has(runId)) controller.abort(new Error("the run has ended"));
    } catch (error) {
      this.#log.warn({ err: error }, "could not look which runs have ended; next time again");
    }
  }
}
