interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Collects what comes while the last batch is under way and does it all in the next: one batch in flight, so the batch
 * grows with the load and an idle process pays no waiting time.
 */
export class Batcher<Item, Result> {
  #waiting: Waiting<Item, Result>[] = [];
  #running = false;
  /** how many the last batches held: the load, by which it is decided whether a little patience pays */
  #usual = 1;
  /** ends the waiting of the batch that is being patient */
  #hurry: (() => void) | null = null;
  readonly #perform: (items: Item[]) => Promise<Result[]>;
  readonly #options: { most: number; patienceMs: number };

  /** `perform` answers one result for each item, in their order. */
  constructor(perform: (items: Item[]) => Promise<Result[]>, options: { most: number; patienceMs: number }) {
    this.#perform = perform;
    this.#options = options;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      // What else this turn of the event loop brings goes into the same batch.
      setImmediate(() => void this.#run());
    });
  }

  /** A batch that waits for company goes at once. */
  hurry(): void {
    this.#hurry?.();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // A few rows more cost the database far less than a batch more; alone, nobody waits.
      if (this.#usual > 2 && this.#waiting.length < this.#usual) await this.#patience();
      const batch = this.#waiting.splice(0, this.#options.most);
      this.#usual = (this.#usual * 3 + batch.length) / 4;
      await this.#settle(batch);
    }
    this.#running = false;
  }

  async #patience(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.patienceMs);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#hurry = null;
  }

  async #settle(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#perform(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as Result);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
