import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { AppError } from "#platform/errors.ts";
import { connectSession } from "#workspaces/link/connect-session.ts";
import { refusalToError } from "#workspaces/link/wire.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

export interface Call {
  method: "GET" | "PUT" | "POST" | "DELETE";
  path: string;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
  /** for the whole call; none for one that streams */
  timeoutMs?: number;
  signal?: AbortSignal;
  maxBytes?: number;
}

/**
 * The one link to a workspace: dialled when it is needed, dialled again after it broke, bound to one fence. A call
 * that broke is not repeated here: only the caller knows whether it may be.
 */
export class Link {
  readonly fence: number;
  readonly #dial: () => Promise<Duplex>;
  readonly #stillOurs: () => boolean;
  #session: Promise<ClientHttp2Session> | null = null;
  #closed = false;

  constructor(options: { fence: number; dial: () => Promise<Duplex>; stillOurs: () => boolean }) {
    this.fence = options.fence;
    this.#dial = options.dial;
    this.#stillOurs = options.stillOurs;
  }

  /** Sends and reads the whole answer. @throws AppError for every way in which it did not work */
  async call(call: Call): Promise<Buffer> {
    const stream = await this.open(call);
    const answer = readAll(stream, call);
    if (call.body !== undefined) await Promise.race([sendBody(stream, call.body), answer]);
    return answer;
  }

  /** An open stream; the caller writes, ends and reads. @throws AppError conflict when the workspace is not ours */
  async open(call: Call): Promise<ClientHttp2Stream> {
    if (call.signal?.aborted) throw abortError(call.signal);
    const session = await this.connect();
    if (this.#closed || !this.#stillOurs()) throw lostError();
    const stream = this.#request(session, call);
    const abort = () => stream.close(8 /* CANCEL */);
    call.signal?.addEventListener("abort", abort, { once: true });
    stream.once("close", () => call.signal?.removeEventListener("abort", abort));
    return stream;
  }

  #request(session: ClientHttp2Session, call: Call): ClientHttp2Stream {
    const headers = { ":method": call.method, ":path": call.path, "x-carrel-fence": String(this.fence) };
    try {
      return session.request(
        { ...headers, ...call.headers },
        { endStream: call.method === "GET" || call.method === "DELETE" },
      );
    } catch (error) {
      // It broke a moment ago, and its `close`, which makes us dial again, is still to come.
      throw brokenError(error);
    }
  }

  close(): void {
    this.#closed = true;
    this.#session?.then(
      (session) => session.destroy(),
      () => {
        // It was never connected.
      },
    );
  }

  /** Dials unless the link stands. @throws AppError unavailable, conflict */
  async connect(): Promise<ClientHttp2Session> {
    if (this.#closed || !this.#stillOurs()) throw lostError();
    this.#session ??= this.#connect();
    return this.#session;
  }

  async #connect(): Promise<ClientHttp2Session> {
    try {
      const session = await connectSession(await this.#dial());
      session.once("close", () => {
        this.#session = null;
      });
      return session;
    } catch (error) {
      this.#session = null;
      throw error;
    }
  }
}

// Piece by piece as the other side takes it: what is queued whole counts against the memory of the whole link.
const PIECE = 64 * 1024;

async function sendBody(stream: ClientHttp2Stream, body: string | Uint8Array): Promise<void> {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  for (let from = 0; from < bytes.length && !stream.destroyed; from += PIECE) {
    if (!stream.write(bytes.subarray(from, from + PIECE))) await drained(stream);
  }
  stream.end();
}

function drained(stream: ClientHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.once("drain", done);
    stream.once("close", done);
  });
}

export function lostError(): AppError {
  return new AppError("conflict", "This workspace is with another runner now.", { details: { moved: true } });
}

/** What an aborted call throws: the reason itself where it is an error. */
export function abortError(signal: AbortSignal): Error {
  if (signal.reason instanceof Error) return signal.reason;
  return new AppError("conflict", "It was given up.", { cause: signal.reason });
}

/** The status of the answer. @throws AppError unavailable when the link breaks before it */
export function answered(stream: ClientHttp2Stream): Promise<number> {
  return new Promise((resolve, reject) => {
    stream.once("response", (headers) => resolve(Number(headers[":status"])));
    stream.once("error", (cause) => reject(brokenError(cause)));
    stream.once("close", () => reject(brokenError()));
  });
}

/** The reason of an answer whose status, not 2xx, was already read. */
export async function readRefusal(stream: ClientHttp2Stream, status: number): Promise<AppError> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > 64 * 1024) break;
    chunks.push(chunk);
  }
  return refusalToError(status, Buffer.concat(chunks));
}

export function brokenError(cause?: unknown): AppError {
  return new AppError("unavailable", "The link to the workspace broke.", { cause });
}

/** Reads an answer to its end; turns a refusal into its AppError. */
export function readAll(
  stream: ClientHttp2Stream,
  limits: { timeoutMs?: number; maxBytes?: number; signal?: AbortSignal } = {},
): Promise<Buffer> {
  const maxBytes = limits.maxBytes ?? TUNABLES.answerMost;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let status: number | null = null;
    const refused = () => status !== null && status >= 300;
    const fail = (error: AppError) => {
      clearTimeout(timer);
      stream.close(8 /* CANCEL */);
      reject(limits.signal?.aborted ? abortError(limits.signal) : error);
    };
    const timer = setTimeout(
      () => fail(new AppError("timeout", "The workspace took too long to answer.")),
      limits.timeoutMs ?? TUNABLES.callMs,
    );
    stream.once("response", (headers) => {
      status = Number(headers[":status"]);
    });
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else fail(new AppError("too_large", `That is larger than ${maxBytes} bytes.`));
    });
    // Refused in the middle of what we send (a full disk): nobody takes the rest, so it would never close by itself.
    stream.once("end", () => {
      if (refused() && !stream.writableFinished) stream.close(8 /* CANCEL */);
    });
    stream.once("error", (cause) => fail(brokenError(cause)));
    stream.once("close", () => {
      clearTimeout(timer);
      if (status === null || (stream.rstCode !== 0 && !refused())) fail(brokenError());
      else if (status >= 200 && status < 300) resolve(Buffer.concat(chunks));
      else reject(refusalToError(status, Buffer.concat(chunks)));
    });
  });
}
