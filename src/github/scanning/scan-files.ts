import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { FoundSecret } from "#github/scanning/scan-texts.ts";

/** One file may take so long; the largest that a tree holds takes a hundredth of it. Milliseconds. */
const FILE_MS = 30_000;

export interface ScannedFile {
  path: string;
  read(): Promise<Buffer>;
}

export interface Scanner {
  /**
   * Looks for secrets in the files, one after the other. A file that could not be searched in time is found like one
   * that holds a secret: what was not searched is not published.
   */
  scan(files: ScannedFile[]): Promise<FoundSecret[]>;
  close(): Promise<void>;
}

/** A thread of its own for as long as there is something to search: to begin one takes longer than most trees. */
export function openScanner(signal: AbortSignal): Scanner {
  let worker: Worker | null = null;

  async function scanFile(file: ScannedFile): Promise<FoundSecret[]> {
    const content = await file.read();
    worker ??= new Worker(new URL("./scan-worker.ts", import.meta.url));
    const limit = AbortSignal.any([signal, AbortSignal.timeout(FILE_MS)]);
    const answer = once(worker, "message", { signal: limit });
    worker.postMessage({ path: file.path, content });
    try {
      const [secrets] = (await answer) as [FoundSecret[]];
      return secrets;
    } catch {
      signal.throwIfAborted();
      await close();
      return [{ path: file.path, line: 1, message: "This file could not be searched for secrets." }];
    }
  }

  async function close(): Promise<void> {
    await worker?.terminate();
    worker = null;
  }

  return {
    async scan(files) {
      const found: FoundSecret[] = [];
      for (const file of files) found.push(...(await scanFile(file)));
      return found;
    },
    close,
  };
}
