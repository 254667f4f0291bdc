/**
 * Cuts a growing text into pieces whose borders depend on the text alone and not on how it arrived: a repeated call
 * gives the same pieces. No piece ends within a surrogate pair.
 */
export class TextChunker {
  readonly #size: number;
  /** what was not given yet, and no more: a piece of a long text would hold the whole of it in memory */
  #rest = "";

  /** `size`: UTF-16 code units a piece */
  constructor(size: number) {
    this.#size = size;
  }

  /** The pieces that became full. */
  add(delta: string): string[] {
    this.#rest += delta;
    const full: string[] = [];
    // One unit more than a piece must be there, to see whether the border would part a pair.
    while (this.#rest.length > this.#size) full.push(this.#take());
    return full;
  }

  /** What is left at the end. */
  end(): string[] {
    const rest = this.#rest;
    this.#rest = "";
    return rest === "" ? [] : [rest];
  }

  #take(): string {
    const partsPair = /[\uD800-\uDBFF]/.test(this.#rest[this.#size - 1] ?? "");
    const end = partsPair ? this.#size + 1 : this.#size;
    const piece = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    return piece;
  }
}
