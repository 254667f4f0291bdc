/**
 * Money that was taken from caps ahead of the calls: one reservation in the database, from which this process holds
 * calls by itself. At every moment the reservation's amount is `left`, and what calls under way hold, and what is
 * charged but not written yet; so whatever becomes of this process, no cap is passed.
 *
 * The last two are what is in use, and that is never more than the reservation's row says may be: the row is raised
 * before memory is, and lowered after it. Who finds the row without its process knows what it can have cost at most.
 */
export class Allowance {
  /** of the reservation */
  readonly id: string;
  #left: number;
  #inUse = 0;
  /** the most that was in use since the row was last lowered */
  #peak = 0;
  /** what may be in use; the row says as much, or more */
  #drawable: number;
  #drawn = 0;
  #open = true;
  #usedAt = Date.now();
  #raising: Promise<void> | null = null;
  #lowering: Promise<unknown> = Promise.resolve();

  constructor(id: string, amount: number, drawable: number) {
    this.id = id;
    this.#left = amount;
    this.#drawable = drawable;
  }

  /** Holds so many micro-dollars of it; false: there is not so much left, or not so much may be held at the moment. */
  draw(amount: number): boolean {
    if (!this.has(amount) || this.#inUse + amount > this.#drawable) return false;
    this.#left -= amount;
    this.#inUse += amount;
    if (this.#inUse > this.#peak) this.#peak = this.#inUse;
    this.#drawn += 1;
    this.#usedAt = Date.now();
    return true;
  }

  /** Whether so much is left; it may be that the row must be raised before it can be held. */
  has(amount: number): boolean {
    return this.#open && amount <= this.#left;
  }

  /** Takes back what a call held and did not use: it may be held again before the charge is written. */
  putBack(amount: number): void {
    this.#left += amount;
    this.#inUse -= amount;
  }

  /** A call that was drawn is written at what it was charged, or gave everything back. */
  done(charged: number): void {
    this.#inUse -= charged;
    this.#drawn -= 1;
  }

  /** Nothing is held from it any more. */
  retire(): void {
    this.#open = false;
  }

  /**
   * Lets twice as much be in use as there is with one more call, once for all that wait for it. `write` puts it into
   * the row, and says whether there still is one.
   */
  raise(amount: number, write: (drawable: number) => Promise<boolean>): Promise<void> {
    this.#raising ??= this.#raise(amount, write).finally(() => {
      this.#raising = null;
    });
    return this.#raising;
  }

  async #raise(amount: number, write: (drawable: number) => Promise<boolean>): Promise<void> {
    await this.#lowering;
    const drawable = Math.max(this.#drawable, 2 * (this.#inUse + amount));
    if (await write(drawable)) this.#drawable = drawable;
    else this.retire();
  }

  /** Lets no more be in use than lately was, and says what may be written into the row; null: it stays as it is. */
  lower(): number | null {
    if (this.#raising) return null;
    this.#drawable = this.#open ? this.#peak : this.#inUse;
    this.#peak = this.#inUse;
    return this.#drawable;
  }

  /** Nothing is raised before what `lower` said is written; if that fails, it may still be written at any time. */
  lowers(written: Promise<unknown>): void {
    this.#lowering = Promise.all([this.#lowering, written]).catch(() => this.retire());
  }

  get peak(): number {
    return this.#peak;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** No call under way and no charge unwritten: what is left can be given back. */
  get isIdle(): boolean {
    return this.#drawn === 0;
  }

  unusedFor(ms: number): boolean {
    return Date.now() - this.#usedAt >= ms;
  }
}
