import { readdir, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { type JournalLine, JournalWriter, readJournal } from "./journal.ts";
import { JournalledProcess } from "./journalled-process.ts";
import { provideDirectory } from "./keep-open.ts";
import type { Starting } from "./process-group.ts";
import type { ProcessSpec } from "./process-spec.ts";
import { Refusal } from "./refusal.ts";
import { type Places, SETTINGS } from "./settings.ts";

type NumberedLine = Exclude<JournalLine, { start: number }>;

/** All journalled processes: those that run in memory, those that ended on disk. A key is started at most once. */
export class Processes {
  readonly #starting: Starting;
  readonly #places: Places;
  readonly #running = new Map<string, JournalledProcess>();

  constructor(starting: Starting) {
    this.#starting = starting;
    this.#places = starting.places;
  }

  /**
   * Starts, or joins what was started under this key. One that ended with an earlier life of the workspace (its
   * supervisor was killed, say) is started again; when that happens too often it is told as killed. `start` says the
   * how-manieth start the output is of: numbers of pieces are of one start alone.
   */
  start(key: string, spec: ProcessSpec): { started: boolean; start: number } {
    const running = this.#running.get(key);
    if (running) return { started: false, start: running.start };
    provideDirectory(this.#places.workspace, ".carrel", "journal", spec.agent);
    const file = this.#file(key);
    const past = readJournal(file);
    const starts = past?.[0] && "start" in past[0] ? past[0].start : 0;
    if (past?.some((line) => "exit" in line)) return { started: false, start: starts };
    const start = starts + 1;
    if (starts >= SETTINGS.maxStarts) {
      tellInterrupted(file, start);
      return { started: false, start };
    }
    const process = new JournalledProcess(this.#starting, file, spec, start, () => this.#running.delete(key));
    this.#running.set(key, process);
    return { started: true, start };
  }

  /** Calls for each line after `after`, then for each new one; the exit is the last. @throws Refusal 404 */
  watch(key: string, after: number, tell: (line: NumberedLine) => void): () => void {
    const running = this.#running.get(key);
    if (running) return running.watch(after, tell);
    const past = readJournal(this.#file(key));
    if (!past) throw new Refusal(404, "There is no such process");
    for (const line of past) if ("seq" in line && line.seq > after) tell(line);
    if (!past.some((line) => "exit" in line)) throw new Refusal(410, "The process ended with its workspace");
    return () => {};
  }

  /** To a process that ended, or never was: nothing happens. */
  signal(key: string, name: NodeJS.Signals): void {
    const group = this.#running.get(key)?.group;
    if (name === "SIGKILL") group?.kill();
    else group?.signal(name);
  }

  count(): number {
    return this.#running.size;
  }

  /** The reader has it all: the journal may go sooner. */
  async acknowledge(key: string): Promise<void> {
    if (this.#running.has(key)) return;
    const early = new Date(Date.now() - SETTINGS.keepJournalMs + SETTINGS.keepAcknowledgedMs);
    await utimes(this.#file(key), early, early).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }

  /** Kills and forgets all processes of an agent. */
  async forget(agent: string): Promise<void> {
    for (const [key, running] of this.#running) if (key.startsWith(`${agent}/`)) running.group.kill();
    await this.#starting.keepers.forget(agent);
    await rm(path.join(this.#places.journal, agent), { recursive: true, force: true });
  }

  async removeOld(): Promise<void> {
    const names = await readdir(this.#places.journal, { recursive: true }).catch(() => [] as string[]);
    for (const name of names.filter((each) => each.endsWith(".jsonl"))) {
      const file = path.join(this.#places.journal, name);
      const { mtimeMs } = await stat(file);
      if (mtimeMs < Date.now() - SETTINGS.keepJournalMs) await rm(file, { force: true });
    }
  }

  #file(key: string): string {
    return path.join(this.#places.journal, `${key}.jsonl`);
  }
}

function tellInterrupted(file: string, start: number): void {
  const journal = new JournalWriter(file, start);
  const text = "The process was killed: each time it ran, the whole workspace ended with it.\n";
  journal.append({ seq: 1, stream: "stderr", text });
  const exit = { exitCode: null, signal: "SIGKILL", timedOut: false, outOfMemory: false, durationMs: 0 };
  journal.append({ seq: 2, exit: { ...exit, truncated: false, interrupted: true } });
  journal.close();
}
