import type { RunEvent } from "#events/vocabulary.ts";

type ReadPage = (after: number) => Promise<RunEvent[]>;

/**
 * One run's log as its followers in this process see it. Followers pull, each at its own pace; those that stand at
 * the same place share one read. Nothing is buffered here, so a slow follower costs nobody memory.
 */
export class RunFeed {
  followers = 0;
  /** rises whenever there may be something new */
  #version = 0;
  #waiting = new Set<() => void>();
  #reads = new Map<number, Promise<RunEvent[]>>();
  #readPage: ReadPage;

  constructor(readPage: ReadPage) {
    this.#readPage = readPage;
  }

  /** There may be something new: look. */
  wake(): void {
    this.#version += 1;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const go of waiting) go();
  }

  /** The events after `cursor` in order, from the log; waits until there is at least one, or gives null once aborted. */
  async next(cursor: number, signal: AbortSignal): Promise<RunEvent[] | null> {
    for (let looked = -1; !signal.aborted; ) {
      if (looked === this.#version) {
        await this.#change(signal);
        continue;
      }
      looked = this.#version;
      const events = await this.#read(cursor);
      if (events.length > 0) return signal.aborted ? null : events;
    }
    return null;
  }

  #read(cursor: number): Promise<RunEvent[]> {
    const underWay = this.#reads.get(cursor);
    if (underWay) return underWay;
    const read = this.#readPage(cursor).finally(() => this.#reads.delete(cursor));
    this.#reads.set(cursor, read);
    return read;
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        this.#waiting.delete(go);
        signal.removeEventListener("abort", go);
        resolve();
      };
      this.#waiting.add(go);
      signal.addEventListener("abort", go);
    });
  }
}
