/** One after the other, in the order in which they were asked for; one that fails keeps nobody else from its turn. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  get busy(): boolean {
    return this.#waiting > 0;
  }

  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const now = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = now.catch(() => {
      // Whoever asked for it hears of it.
    });
    return now;
  }
}
