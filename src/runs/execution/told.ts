import type { EventBody } from "#events/vocabulary.ts";

type Output = Extract<EventBody, { type: "output" }>;

/** How far an output got: whole lines, and UTF-16 units of the line that is not at its end. */
interface Extent {
  lines: number;
  units: number;
}

type Extents = Map<Output["stream"], Extent>;

/**
 * What the log holds of one step, or will in a moment. Outputs are told by their lines and not by their events: a
 * process that had to be begun anew is cut into other pieces, and takes other times to say the same.
 */
export class Told {
  /** events of the step, its opening included */
  count = 1;
  /** by stream: what was put out behind the opening, behind the event after it that is no output, and so on */
  readonly #outputs: Extents[] = [new Map()];

  /** events that are no output, the opening included */
  get acts(): number {
    return this.#outputs.length;
  }

  add(body: Pick<EventBody, "type"> & Partial<Pick<Output, "stream" | "text">>): void {
    this.count += 1;
    if (body.type !== "output") this.#outputs.push(new Map());
    else extend(this.#last, body.stream ?? "stdout", body.text ?? "");
  }

  /** Of a text that goes on from `heard`, what is not told yet. `heard` is moved to its end. */
  untold(heard: Extents, { stream, text }: Output): string {
    const told = this.#last.get(stream) ?? { lines: 0, units: 0 };
    const before = heard.get(stream) ?? { lines: 0, units: 0 };
    extend(heard, stream, text);
    if (before.lines > told.lines) return text;
    const at = lineAt(text, told.lines - before.lines);
    if (at === null) return "";
    // The line in which the telling stopped. It may have been longer then: its end is told again with the next.
    const lineEnd = text.indexOf("\n", at);
    const known = told.units - (before.lines === told.lines ? before.units : 0);
    return text.slice(Math.min(at + Math.max(known, 0), lineEnd < 0 ? text.length : lineEnd));
  }

  get #last(): Extents {
    return this.#outputs.at(-1) as Extents;
  }
}

/** Where the line begins that is so many line ends further on; null: not in this text. */
function lineAt(text: string, lines: number): number | null {
  let at = 0;
  for (let n = 0; n < lines; n += 1) {
    at = text.indexOf("\n", at) + 1;
    if (at === 0) return null;
  }
  return at;
}

function extend(extents: Extents, stream: Output["stream"], text: string): void {
  const { lines, units } = extents.get(stream) ?? { lines: 0, units: 0 };
  const ends = text.split("\n");
  const rest = (ends.at(-1) as string).length;
  extents.set(
    stream,
    ends.length > 1 ? { lines: lines + ends.length - 1, units: rest } : { lines, units: units + rest },
  );
}
