import { StringDecoder } from "node:string_decoder";
import { type JournalLine, JournalWriter } from "./journal.ts";
import { type Group, type Starting, type Stream, startGroup } from "./process-group.ts";
import type { ProcessSpec } from "./process-spec.ts";
import { SETTINGS } from "./settings.ts";

type NumberedLine = Exclude<JournalLine, { start: number }>;

/**
 * A process whose output is written down before it is told, in pieces of whole characters. Output beyond the limit
 * is counted and dropped, so that journal and memory stay bounded whatever the process says.
 */
export class JournalledProcess {
  readonly lines: NumberedLine[] = [];
  readonly group: Group;
  /** the how-manieth start of this process */
  readonly start: number;
  readonly #journal: JournalWriter;
  readonly #watchers = new Set<(line: NumberedLine) => void>();
  readonly #gathered: { stream: Stream; text: string }[] = [];
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  readonly #left: Record<Stream, number>;
  #gatheredBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #truncated = false;
  ended = false;

  constructor(starting: Starting, file: string, spec: ProcessSpec, start: number, onEnd: () => void) {
    this.start = start;
    this.#left = { stdout: spec.outputLimit, stderr: spec.outputLimit };
    this.#journal = new JournalWriter(file, start);
    this.group = startGroup(starting, spec, (stream, chunk) => this.#take(stream, chunk));
    void this.group.ended.then((exit) => {
      for (const stream of ["stdout", "stderr"] as const) this.#gather(stream, this.#decoders[stream].end());
      this.#flush();
      this.ended = true;
      this.#write({
        seq: this.lines.length + 1,
        exit: { ...exit, truncated: this.#truncated, interrupted: false },
      });
      this.#journal.close();
      onEnd();
    });
  }

  /** Calls for every line after `after`, past ones at once. Returns how to stop. */
  watch(after: number, tell: (line: NumberedLine) => void): () => void {
    for (const line of this.lines.slice(after)) tell(line);
    this.#watchers.add(tell);
    return () => this.#watchers.delete(tell);
  }

  #take(stream: Stream, chunk: Buffer): void {
    const kept = chunk.subarray(0, this.#left[stream]);
    this.#left[stream] -= kept.length;
    if (kept.length < chunk.length) this.#truncated = true;
    if (kept.length > 0) this.#gather(stream, this.#decoders[stream].write(kept));
  }

  #gather(stream: Stream, text: string): void {
    if (text === "") return;
    const last = this.#gathered.at(-1);
    if (last?.stream === stream) last.text += text;
    else this.#gathered.push({ stream, text });
    this.#gatheredBytes += text.length;
    if (this.#gatheredBytes >= SETTINGS.pieceBytes) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), SETTINGS.pieceMs);
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#gatheredBytes = 0;
    for (const { stream, text } of this.#gathered.splice(0)) {
      this.#write({ seq: this.lines.length + 1, stream, text });
    }
  }

  #write(line: NumberedLine): void {
    try {
      this.#journal.append(line);
    } catch (error) {
      // A full disk: the line is told and held in memory; only the death of the workspace could lose it.
      console.error(`journal: ${(error as Error).message}`);
    }
    this.lines.push(line);
    for (const tell of this.#watchers) tell(line);
  }
}
