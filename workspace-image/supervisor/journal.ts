import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import type { Exit, Stream } from "./process-group.ts";

/** One line each, in order; `seq` starts at 1 in each start and has no gap. The exit carries the last seq. */
export type JournalLine =
  | { start: number }
  | { seq: number; stream: Stream; text: string }
  | { seq: number; exit: Exit & { truncated: boolean; interrupted: boolean } };

/** What a journal on disk holds. A last line cut off in mid-write is not there. */
export function parseJournal(text: string): JournalLine[] {
  const lines = text.split("\n");
  lines.pop();
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as JournalLine);
}

/** null when there is none, or none that can be read: users' code may do what it likes to the file. */
export function readJournal(file: string): JournalLine[] | null {
  let handle: number;
  try {
    handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    // There is no such journal yet.
    return null;
  }
  try {
    return fstatSync(handle).isFile() ? parseJournal(readFileSync(handle, "utf8")) : null;
  } catch (error) {
    console.error(`journal ${file} cannot be read: ${(error as Error).message}`);
    return null;
  } finally {
    closeSync(handle);
  }
}

/** Appends to a new journal. The kernel holds what was written, so it survives the death of whoever reads it. */
export class JournalWriter {
  readonly #handle: number;

  constructor(file: string, start: number) {
    mkdirSync(path.dirname(file), { recursive: true });
    const fresh = `${file}.new`;
    rmSync(fresh, { force: true });
    this.#handle = openSync(
      fresh,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND,
      0o600,
    );
    this.append({ start });
    renameSync(fresh, file);
  }

  append(line: JournalLine): void {
    writeSync(this.#handle, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.#handle);
  }
}
