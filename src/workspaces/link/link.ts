import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { AppError } from "#platform/errors.ts";
import { type Connected, connectSession } from "#workspaces/link/connect-session.ts";
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
  /** a look that is no use of the workspace: it keeps it from no rest */
  quiet?: boolean;
}

export interface LinkOptions {
  fence: number;
  dial: () => Promise<Duplex>;
  stillOurs: () => boolean;
  /** waited for before anything is sent: a workspace that sleeps is woken first */
  awake?: (quiet: boolean) => Promise<void>;
}

/**
 * The one link to a workspace: dialled when it is needed, dialled again after it broke, bound to one fence. A call
 * that broke is not repeated here: only the caller knows whether it may be.
 */
export class Link {
  readonly fence: number;
  readonly #options: LinkOptions;
  #session: Promise<Connected> | null = null;
  #closed = false;
  #busy = 0;
  #usedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LinkOptions) {
    this.fence = options.fence;
    this.#options = options;
  }

  /** Whether anything is on its way over it, from the moment somebody asked. */
  get busy(): boolean {
    return this.#busy > 0;
  }

  /** of performance.now(): when a call last began or ended */
  get usedAt(): number {
    return this.#usedAt;
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
    const leave = this.#enter(call.quiet);
    try {
      const { session } = await this.#connected(call.quiet);
      if (this.#closed || !this.#options.stillOurs()) throw lostError();
      const stream = this.#request(session, call);
      const abort = () => stream.close(8 /* CANCEL */);
      call.signal?.addEventListener("abort", abort, { once: true });
      stream.once("close", () => {
        call.signal?.removeEventListener("abort", abort);
        leave();
      });
      return stream;
    } catch (error) {
      leave();
      throw error;
    }
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
    this.hangUp();
  }

  /** The other side has ended: whoever calls next dials anew. */
  hangUp(): void {
    const past = this.#session;
    this.#session = null;
    past?.then(
      ({ session }) => session.destroy(),
      () => {
        // It was never connected.
      },
    );
  }

  /** Dials unless the link stands. @throws AppError unavailable, conflict */
  async connect(): Promise<void> {
    const leave = this.#enter();
    await this.#connected().finally(leave);
  }

  /** The other side is frozen from now on: nobody asks it for a sign of life. */
  async suspend(): Promise<void> {
    (await this.#session?.catch(() => null))?.keepAlive.suspend();
  }

  async resume(): Promise<void> {
    (await this.#session?.catch(() => null))?.keepAlive.resume();
  }

  /** Counted before anything is waited for: whoever looks whether it is in use must not look past it. */
  #enter(quiet = false): () => void {
    let within = true;
    this.#busy += 1;
    if (!quiet) this.#usedAt = performance.now();
    return () => {
      if (!within) return;
      within = false;
      this.#busy -= 1;
      if (!quiet) this.#usedAt = performance.now();
    };
  }

  async #connected(quiet = false): Promise<Connected> {
    await this.#options.awake?.(quiet);
    if (this.#closed || !this.#options.stillOurs()) throw lostError();
    const standing = this.#session;
    // One that broke may be forgotten a moment later only, with its `close`.
    if (standing && !(await standing).session.destroyed) return standing;
    if (this.#session === standing) this.#session = this.#connect();
    return this.#session ?? this.#connected(quiet);
  }

  #connect(): Promise<Connected> {
    const connecting = this.#options.dial().then(connectSession);
    const forget = () => {
      // Unless a newer one has taken its place.
      if (this.#session === connecting) this.#session = null;
    };
    connecting.then(({ session }) => session.once("close", forget), forget);
    return connecting;
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
