import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { FoundSecret } from "#github/scanning/scan-texts.ts";
import { AppError } from "#platform/errors.ts";

/** One file may take so long; the largest that a tree holds takes a hundredth of it. Milliseconds. */
const FILE_MS = 30_000;

export interface ScannedFile {
  path: string;
  read(): Promise<Buffer>;
}

/**
 * Looks for secrets in the files, one after the other, in a thread of its own.
 * @throws AppError timeout for a file that could not be scanned in time: what was not scanned is not published
 */
export async function scanFiles(files: ScannedFile[], signal?: AbortSignal): Promise<FoundSecret[]> {
  if (files.length === 0) return [];
  const worker = new Worker(new URL("./scan-worker.ts", import.meta.url));
  try {
    const found: FoundSecret[] = [];
    for (const file of files) {
      const content = await file.read();
      const answer = once(worker, "message", { signal: limited(signal) });
      worker.postMessage({ path: file.path, content });
      const [secrets] = (await answer.catch((cause: unknown) => {
        signal?.throwIfAborted();
        throw new AppError("timeout", `${file.path} could not be searched for secrets.`, { cause });
      })) as [FoundSecret[]];
      found.push(...secrets);
    }
    return found;
  } finally {
    await worker.terminate();
  }
}

function limited(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(FILE_MS);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}
