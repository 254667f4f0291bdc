import { copyFile, open, stat, truncate } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";

const POLL_MS = 250;
const LOG_LIMIT_BYTES = 20 * 1024 * 1024;
const LINE_LIMIT = 300;

export interface LogFollower {
  stop(): Promise<void>;
}

/**
 * Passes on each line that is added to a log file from now on. A file over 20 MB is moved to `.1` and begun anew; its
 * writer appends and notices nothing. (The writer has the file itself, not a pipe to us: it must outlive us.)
 */
export async function followLog(file: string, onLine: (line: string) => void): Promise<LogFollower> {
  let offset = await sizeOf(file);
  let rest = "";
  let decoder = new StringDecoder("utf8");

  const readOn = async (): Promise<void> => {
    const size = await sizeOf(file);
    if (size < offset) {
      offset = 0;
      decoder = new StringDecoder("utf8");
    }
    if (size === offset) return;
    const handle = await open(file, "r");
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(size - offset), 0, size - offset, offset);
      offset += bytesRead;
      const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    } finally {
      await handle.close();
    }
    if (offset > LOG_LIMIT_BYTES) {
      await copyFile(file, `${file}.1`);
      await truncate(file);
    }
  };

  let reading: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    reading = reading.then(readOn);
  }, POLL_MS);
  return {
    async stop() {
      clearInterval(timer);
      await reading.then(readOn);
    },
  };
}

/** The warning or error in a line of a part's log in a few words, or null when the line is for the file alone. */
export function warningIn(line: string): string | null {
  if (!line.startsWith("{")) return line.trim() === "" ? null : line.slice(0, LINE_LIMIT);
  try {
    const entry = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if ((entry.level ?? 0) < 40) return null;
    const reason = entry.err?.message && entry.err.message !== entry.msg ? `: ${entry.err.message}` : "";
    return `${entry.msg ?? "warning"}${reason}`.split("\n")[0]?.slice(0, LINE_LIMIT) ?? null;
  } catch {
    // Not one of our lines after all.
    return line.slice(0, LINE_LIMIT);
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return 0;
      throw error;
    },
  );
}
