import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#platform/errors.ts";

/** How often a repository that is being filled is measured. Milliseconds. */
const LOOK_MS = 250;

/**
 * Does work that fills a repository from outside, and ends it when the repository becomes larger than it may: what
 * comes from others is bounded by nothing else. @throws AppError too_large
 */
export async function boundSize<T>(
  directory: string,
  mostBytes: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const tooLarge = new AbortController();
  const look = async () => {
    if ((await sizeOf(directory)) > mostBytes) tooLarge.abort(refusal(mostBytes));
  };
  // What cannot be measured is not bounded: the work ends with the reason.
  const timer = setInterval(() => void look().catch((error: unknown) => tooLarge.abort(error)), LOOK_MS);
  try {
    const result = await work(signal ? AbortSignal.any([signal, tooLarge.signal]) : tooLarge.signal);
    // What was quicker than the next look.
    await look();
    tooLarge.signal.throwIfAborted();
    return result;
  } finally {
    clearInterval(timer);
  }
}

function refusal(mostBytes: number): AppError {
  const most = Math.round(mostBytes / 1024 / 1024);
  return new AppError(
    "too_large",
    `The repository is too large: what is needed of it takes more than ${most} MB.`,
  );
}

/** What goes while it is measured takes nothing: the next look measures what is there then. */
function unlessGone(error: NodeJS.ErrnoException): null {
  if (error.code !== "ENOENT") throw error;
  return null;
}

async function sizeOf(directory: string): Promise<number> {
  const entries =
    (await readdir(directory, { recursive: true, withFileTypes: true }).catch(unlessGone)) ?? [];
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const found = await stat(path.join(parentPath, name)).catch(unlessGone);
      return found?.size ?? 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
