/**
 * Cuts a growing text into pieces whose borders depend on the text alone and not on how it arrived: a repeated call
 * gives the same pieces. No piece ends within a surrogate pair.
 */
export class TextChunker {
  readonly #size: number;
  #text = "";
  #given = 0;

  /** `size`: UTF-16 code units a piece */
  constructor(size: number) {
    this.#size = size;
  }

  /** The pieces that became full. */
  add(delta: string): string[] {
    this.#text += delta;
    const full: string[] = [];
    // One unit more than a piece must be there, to see whether the border would part a pair.
    while (this.#text.length - this.#given > this.#size) full.push(this.#take(this.#size));
    return full;
  }

  /** What is left at the end. */
  end(): string[] {
    return this.#given < this.#text.length ? [this.#take(this.#text.length - this.#given)] : [];
  }

  #take(length: number): string {
    const end = this.#given + length;
    const partsPair = /[\uD800-\uDBFF]/.test(this.#text[end - 1] ?? "") && end < this.#text.length;
    const piece = this.#text.slice(this.#given, partsPair ? end + 1 : end);
    this.#given += piece.length;
    return piece;
  }
}
