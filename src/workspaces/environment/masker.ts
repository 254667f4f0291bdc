import { setImmediate as others } from "node:timers/promises";
import { type Patterns, SHORTEST_PATTERN } from "#workspaces/environment/patterns.ts";

/** What stands in place of a value that nobody may see. */
export const MASK = "***";

/** A long text is masked in pieces of so many characters, between which others get their turn. */
const PIECE = 64 * 1024;

/** Where values stand, as places in the whole text; those that overlap are one. */
interface Span {
  start: number;
  end: number;
  /** its mask was given out already */
  told: boolean;
}

/**
 * Masks a text that comes in pieces, looking at each character once. Wherever it is cut, the whole of what is given out
 * is the same. What may be the beginning of a pattern is held back until more is known.
 */
export class Masker {
  readonly #patterns: Patterns;
  #state = 0;
  /** how many characters have been looked at */
  #seen = 0;
  #held = "";
  /** in order, none overlaps another */
  #spans: Span[] = [];
  #found = false;

  constructor(patterns: Patterns) {
    this.#patterns = patterns;
  }

  /** Whether anything was masked. */
  get found(): boolean {
    return this.#found;
  }

  push(text: string): string {
    const patterns = this.#patterns;
    if (patterns.isEmpty) return text;
    for (let at = 0; at < text.length; at += 1) {
      this.#state = patterns.next(this.#state, text.charCodeAt(at));
      const length = patterns.ending(this.#state);
      if (length > 0) this.#cover(this.#seen + at + 1 - length, this.#seen + at + 1);
    }
    this.#seen += text.length;
    this.#held += text;
    return this.#tell(patterns.depth(this.#state));
  }

  /** What was held back. A value that the end cut off is masked from its sixth character on. */
  end(): string {
    const open = this.#patterns.depth(this.#state);
    if (open >= SHORTEST_PATTERN) this.#cover(this.#seen - open, this.#seen);
    return this.#tell(0);
  }

  #cover(start: number, end: number): void {
    this.#found = true;
    let from = start;
    let told = false;
    for (let last = this.#spans.at(-1); last && last.end > from; last = this.#spans.at(-1)) {
      from = Math.min(from, last.start);
      told ||= last.told;
      this.#spans.pop();
    }
    this.#spans.push({ start: from, end, told });
  }

  /** Gives out all but the last `kept` characters: nothing that is found later begins before those. */
  #tell(kept: number): string {
    const until = this.#seen - kept;
    const first = this.#seen - this.#held.length;
    if (until === first) return "";
    let out = "";
    let plainFrom = first;
    let gone = 0;
    for (const span of this.#spans) {
      if (span.start >= until) break;
      out += this.#held.slice(plainFrom - first, Math.max(plainFrom, span.start) - first);
      if (!span.told) out += MASK;
      span.told = true;
      plainFrom = Math.min(span.end, until);
      if (span.end <= until) gone += 1;
    }
    out += this.#held.slice(plainFrom - first, until - first);
    this.#held = this.#held.slice(until - first);
    this.#spans.splice(0, gone);
    return out;
  }
}

/** A whole text at once. */
export function mask(patterns: Patterns, text: string): string {
  const masker = new Masker(patterns);
  return masker.push(text) + masker.end();
}

/** The same for a text of any length; others get their turn meanwhile. */
export async function maskInTurns(
  patterns: Patterns,
  text: string,
): Promise<{ text: string; found: boolean }> {
  const masker = new Masker(patterns);
  let out = "";
  for (let at = 0; at < text.length; at += PIECE) {
    if (at > 0) await others();
    out += masker.push(text.slice(at, at + PIECE));
  }
  out += masker.end();
  return { text: out, found: masker.found };
}
