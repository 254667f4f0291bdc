/**
 * One thing at a time for each workspace. An engine that is asked to pause a container while a link of it opens or
 * closes may never give it back.
 */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>();

  run<T>(userId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(userId) ?? Promise.resolve();
    const now = before.then(work, work);
    this.#last.set(userId, now);
    const forget = () => {
      if (this.#last.get(userId) === now) this.#last.delete(userId);
    };
    now.then(forget, forget);
    return now;
  }
}
