import { access, constants, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#platform/errors.ts";
import { lockFile } from "#platform/file-lock.ts";

/** Who works on a data directory: written by its holder for whoever comes second, or after a crash. */
export interface Holder {
  pid: number;
  /** what the holder does, as a person would call it, e.g. `npm start` */
  command: string;
  url: string | null;
  parts: { name: string; pid: number }[];
}

const NOTE = "running.json";

export interface HeldHome {
  dir: string;
  /** the note of a holder that did not end cleanly, or null */
  previous: Holder | null;
  note(holder: Omit<Holder, "pid">): Promise<void>;
  release(): Promise<void>;
}

/**
 * Makes the data directory where needed and holds it for this process alone. The lock is the kernel's (flock), so it
 * is gone the moment this process is, however it ends, and nothing else ever releases it.
 *
 * @throws AppError conflict when somebody holds it, unavailable when it cannot be written
 */
export async function holdHome(dir: string): Promise<HeldHome> {
  await makeWritable(dir);
  const noteFile = path.join(dir, NOTE);
  const lock = await lockFile(path.join(dir, "lock"), { wait: false });
  if (lock === null) {
    const holder = await readHolder(dir);
    const who = holder === null ? "another process" : `\`${holder.command}\`, process ${holder.pid}`;
    const where = holder?.url ? `, ${holder.url}` : "";
    throw new AppError(
      "conflict",
      `Carrel already runs on ${dir} (${who}${where}): use that one, or stop it first`,
    );
  }
  const previous = await readHolder(dir);
  return {
    dir,
    previous,
    async note(holder) {
      await writeFile(`${noteFile}.new`, JSON.stringify({ pid: process.pid, ...holder }), { mode: 0o600 });
      await rename(`${noteFile}.new`, noteFile);
    },
    async release() {
      await rm(noteFile, { force: true });
      await lock.release();
    },
  };
}

async function makeWritable(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await access(dir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
    throw new AppError(
      "unavailable",
      `Cannot write to ${dir} (${code}): set CARREL_HOME to a directory that you own`,
      {
        cause,
      },
    );
  }
}

/** The note of whoever holds `dir`, or held it last and was killed. */
export async function readHolder(dir: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path.join(dir, NOTE), "utf8")) as Holder;
  } catch {
    // Missing or half written: it only serves a clearer message.
    return null;
  }
}
