import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { FoundSecret } from "#github/scanning/scan-texts.ts";

/** One file may take so long; the largest that a tree holds takes a hundredth of it. Milliseconds. */
const FILE_MS = 30_000;

export interface ScannedFile {
  path: string;
  read(): Promise<Buffer>;
}

/**
 * Looks for secrets in the files, one after the other, in a thread of its own. A file that could not be searched in
 * time is found like one that holds a secret: what was not searched is not published.
 */
export async function scanFiles(files: ScannedFile[], signal?: AbortSignal): Promise<FoundSecret[]> {
  if (files.length === 0) return [];
  const found: FoundSecret[] = [];
  let worker = newWorker();
  try {
    for (const file of files) {
      const content = await file.read();
      const answer = once(worker, "message", { signal: limited(signal) });
      worker.postMessage({ path: file.path, content });
      try {
        const [secrets] = (await answer) as [FoundSecret[]];
        found.push(...secrets);
      } catch {
        signal?.throwIfAborted();
        found.push({ path: file.path, line: 1, message: "This file could not be searched for secrets." });
        await worker.terminate();
        worker = newWorker();
      }
    }
    return found;
  } finally {
    await worker.terminate();
  }
}

function newWorker(): Worker {
  return new Worker(new URL("./scan-worker.ts", import.meta.url));
}

function limited(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(FILE_MS);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}
