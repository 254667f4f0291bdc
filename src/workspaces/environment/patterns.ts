import { setImmediate as others } from "node:timers/promises";

/** No pattern is shorter; of one that is cut off by the end of a text, so many characters are too many to be shown. */
export const SHORTEST_PATTERN = 6;

/** Of all patterns together: each character takes some 20 bytes. */
export const MOST_CHARACTERS = 1_000_000;
export const MOST_PATTERNS = 50_000;

/** So many characters are done at one go before others get their turn. */
const STRIDE = 50_000;

/**
 * Many patterns, found in one pass over a text (Aho and Corasick): each character costs the same, however many patterns
 * there are and whatever they and the text are made of. A state says how much of which pattern has been seen; 0: nothing.
 */
export class Patterns {
  readonly #size: number;
  /** How much of a pattern each state has seen. */
  readonly #depths: Int32Array;
  /** Length of the longest pattern that ends in each state; 0: none. */
  readonly #endings: Int32Array;
  /** Where each state goes that cannot go on: to the longest other beginning that it has seen, too. */
  readonly #fails: Int32Array;
  /** Most states lead to one other only: by this character, to that state. */
  readonly #characters: Uint16Array;
  readonly #children: Int32Array;
  /** What else leads on: state -> character -> state. */
  readonly #branches = new Map<number, Map<number, number>>();
  #states = 1;

  /** What is shorter than SHORTEST_PATTERN is left out, and so is what comes when there is no room for more. */
  constructor(patterns: Iterable<string>, build: "now" | "later" = "now") {
    const chosen = choose(patterns);
    this.#size = chosen.reduce((sum, { length }) => sum + length, 0);
    this.#depths = new Int32Array(this.#size + 1);
    this.#endings = new Int32Array(this.#size + 1);
    this.#fails = new Int32Array(this.#size + 1);
    this.#characters = new Uint16Array(this.#size + 1);
    this.#children = new Int32Array(this.#size + 1);
    this.#building = this.#build(chosen);
    if (build === "now") while (!this.#building.next().done);
  }
  readonly #building: Generator<void, void>;

  /** The same, letting others have their turn meanwhile. */
  static async inTurns(patterns: Iterable<string>): Promise<Patterns> {
    const made = new Patterns(patterns, "later");
    while (!made.#building.next().done) await others();
    return made;
  }

  /** Characters of all patterns. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** The state after one more character. */
  next(state: number, character: number): number {
    for (let from = state; ; from = this.#fails[from] as number) {
      const to = this.#child(from, character);
      if (to !== 0 || from === 0) return to;
    }
  }

  depth(state: number): number {
    return this.#depths[state] as number;
  }

  ending(state: number): number {
    return this.#endings[state] as number;
  }

  #child(state: number, character: number): number {
    if (this.#characters[state] === character) return this.#children[state] as number;
    return this.#branches.get(state)?.get(character) ?? 0;
  }

  *#build(patterns: string[]): Generator<void, void> {
    let done = 0;
    for (const pattern of patterns) {
      this.#add(pattern);
      done += pattern.length;
      if (done < STRIDE) continue;
      done = 0;
      yield;
    }
    // Breadth first: where a state fails to is less deep, and is known before.
    const queue = new Int32Array(this.#states);
    let end = 1;
    for (let at = 0; at < end; at += 1) {
      for (const [character, child] of this.#ways(queue[at] as number)) {
        this.#tie(queue[at] as number, character, child);
        queue[end] = child;
        end += 1;
      }
      if (at % STRIDE === STRIDE - 1) yield;
    }
  }

  #add(pattern: string): void {
    let state = 0;
    for (let at = 0; at < pattern.length; at += 1) {
      const character = pattern.charCodeAt(at);
      state = this.#child(state, character) || this.#grow(state, character);
    }
    this.#endings[state] = pattern.length;
  }

  #grow(state: number, character: number): number {
    const child = this.#states;
    this.#states += 1;
    this.#depths[child] = this.depth(state) + 1;
    if (this.#children[state] === 0) {
      this.#characters[state] = character;
      this.#children[state] = child;
    } else {
      const branch = this.#branches.get(state) ?? new Map<number, number>();
      this.#branches.set(state, branch.set(character, child));
    }
    return child;
  }

  #tie(parent: number, character: number, child: number): void {
    const fail = parent === 0 ? 0 : this.next(this.#fails[parent] as number, character);
    this.#fails[child] = fail;
    if (this.#endings[child] === 0) this.#endings[child] = this.ending(fail);
  }

  *#ways(state: number): Generator<[number, number]> {
    const child = this.#children[state] as number;
    if (child !== 0) yield [this.#characters[state] as number, child];
    yield* this.#branches.get(state) ?? [];
  }
}

function choose(patterns: Iterable<string>): string[] {
  const chosen = new Set<string>();
  let size = 0;
  for (const pattern of patterns) {
    if (pattern.length < SHORTEST_PATTERN || chosen.has(pattern)) continue;
    if (size + pattern.length > MOST_CHARACTERS || chosen.size === MOST_PATTERNS) break;
    chosen.add(pattern);
    size += pattern.length;
  }
  return [...chosen];
}
