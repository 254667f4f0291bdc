import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { joined, WholeBody } from "#gateway/whole-body.ts";

type Headers = Record<string, string | string[] | undefined>;

interface Asked {
  path: string;
  headers: Record<string, string>;
  body: Buffer | Readable;
  signal: AbortSignal;
}

export interface RawAnswer {
  status: number;
  headers: Headers;
  body: AsyncIterable<Uint8Array>;
}

/**
 * Asks for an answer that is of use only as a whole, and comes with the body read: that spares the stream in between,
 * which costs more than all the rest. An answer that breaks off after its head is an answer whose body cannot be read.
 */
export function askWhole(dispatcher: Dispatcher, { path, headers, body, signal }: Asked): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let head: { status: number; headers: Headers } | null = null;
    let breakOff: (() => void) | null = null;
    const over = () => {
      if (breakOff) signal.removeEventListener("abort", breakOff);
    };
    dispatcher.dispatch(
      { path, method: "POST", headers, body },
      {
        onRequestStart(controller) {
          over();
          breakOff = () => controller.abort(signal.reason as Error);
          if (signal.aborted) breakOff();
          else signal.addEventListener("abort", breakOff, { once: true });
        },
        onResponseStart(_controller, status, answered) {
          if (status >= 200) head = { status, headers: answered };
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          over();
          if (head) resolve({ ...head, body: new WholeBody(joined(chunks)) });
        },
        onResponseError(_controller, error) {
          over();
          if (head) resolve({ ...head, body: breaksOff(chunks, error) });
          else reject(error);
        },
      },
    );
  });
}

async function* breaksOff(chunks: Buffer[], error: Error): AsyncGenerator<Uint8Array> {
  yield* chunks;
  throw error;
}
