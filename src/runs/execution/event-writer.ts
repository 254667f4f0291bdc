import type pg from "pg";
import { appendEvents, type NewEvent } from "#events/log.ts";
import { Interruption } from "#runs/execution/interruption.ts";
import { EVENTS_WAITING } from "#runs/tunables.ts";

/**
 * Stores a run's events in the order they are said. What is said while a batch is on its way goes with the next:
 * small events share a commit and none lingers.
 */
export class EventWriter {
  readonly #pool: pg.Pool;
  readonly #run: { runId: string; fence: number };
  #waiting: NewEvent[] = [];
  #writing: Promise<void> | null = null;
  #failure: unknown = null;

  constructor(pool: pg.Pool, run: { runId: string; fence: number }) {
    this.#pool = pool;
    this.#run = run;
  }

  /** Resolves when it may go on. @throws Interruption when the run is held by another */
  async say(event: NewEvent): Promise<void> {
    this.#throwIfFailed();
    this.#waiting.push(event);
    this.#writing ??= this.#write();
    if (this.#waiting.length >= EVENTS_WAITING) await this.drain();
  }

  /** Resolves when all that was said is stored. @throws Interruption when the run is held by another */
  async drain(): Promise<void> {
    while (this.#writing) await this.#writing;
    this.#throwIfFailed();
  }

  // Never rejects: whoever says or drains next gets the failure.
  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        const stored = await appendEvents(this.#pool, this.#run, batch);
        if (!stored) throw new Interruption("lost");
      }
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#writing = null;
    }
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }
}
