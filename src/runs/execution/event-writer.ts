import type pg from "pg";
import { appendEvents, type NewEvent } from "#events/log.ts";
import { isPassing } from "#platform/db.ts";
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
  /** what is to be stored together with events; each has its turn */
  #together: ((waiting: NewEvent[]) => Promise<boolean>)[] = [];
  #writing = false;
  #failure: unknown = null;
  #said = 0;
  #stored = 0;
  /** of the batch that is on its way, or of the next */
  #change = Promise.withResolvers<void>();

  constructor(pool: pg.Pool, run: { runId: string; fence: number }) {
    this.#pool = pool;
    this.#run = run;
  }

  /** Resolves when it may go on. @throws Interruption when the run is held by another */
  async say(event: NewEvent): Promise<void> {
    this.#throwIfFailed();
    this.#waiting.push(event);
    this.#said += 1;
    if (!this.#writing) void this.#write();
    if (this.#waiting.length >= EVENTS_WAITING) await this.drain();
  }

  /**
   * Gives `store` what was said and is not stored yet, to be stored in one transaction with what it adds to it. One
   * that is refused for what it adds is the asker's error alone: what was said goes with the next.
   * @throws Interruption when the run is held by another
   */
  async storeWith<T>(store: (waiting: NewEvent[]) => Promise<T>): Promise<T> {
    this.#throwIfFailed();
    let outcome: { result: T } | { error: unknown } | undefined;
    this.#together.push(async (waiting) => {
      try {
        outcome = { result: await store(waiting) };
        return true;
      } catch (error) {
        if (error instanceof Interruption || isPassing(error)) throw error;
        outcome = { error };
        return false;
      }
    });
    if (!this.#writing) void this.#write();
    while (!outcome && !this.#failure) await this.#change.promise;
    if (!outcome) throw this.#failure;
    if ("error" in outcome) throw outcome.error;
    return outcome.result;
  }

  /**
   * Resolves when all that was said until now is stored; what others say meanwhile is not waited for.
   * @throws Interruption when the run is held by another
   */
  async drain(): Promise<void> {
    const until = this.#said;
    while (this.#stored < until && !this.#failure) await this.#change.promise;
    this.#throwIfFailed();
  }

  // Never rejects: whoever says or drains next gets the failure.
  async #write(): Promise<void> {
    this.#writing = true;
    try {
      while (this.#waiting.length + this.#together.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        const store = this.#together.shift() ?? ((waiting) => this.#append(waiting));
        if (await store(batch)) this.#stored += batch.length;
        else this.#waiting.unshift(...batch);
        this.#tell();
      }
    } catch (error) {
      // Stored or not, nobody can tell: what goes on from here would leave a gap, or say it again.
      this.#failure = isPassing(error) ? new Interruption("unsure", { cause: error }) : error;
      this.#tell();
    } finally {
      this.#writing = false;
    }
  }

  async #append(batch: NewEvent[]): Promise<boolean> {
    if (!(await appendEvents(this.#pool, this.#run, batch))) throw new Interruption("lost");
    return true;
  }

  #tell(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers<void>();
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }
}
