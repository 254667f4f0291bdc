import { Readable } from "node:stream";
import { type Dispatcher, errors, Pool } from "undici";
import { fullBytes, joinBody, type Parts } from "#gateway/http/cut-body.ts";
import type { UpstreamAnswer } from "#gateway/provider.ts";
import { BODY_TIMEOUT_MS, CONNECT_TIMEOUT_MS, HEADERS_TIMEOUT_MS } from "#gateway/tunables.ts";
import { WholeBody } from "#gateway/whole-body.ts";
import { AppError } from "#platform/errors.ts";
import { askWhole, type RawAnswer } from "./ask-whole.ts";
import { withoutKey } from "./without-key.ts";

/** What of a provider's headers goes on to the caller. Its rate limits are the operator's, not the caller's. */
const PASSED_ON = ["content-type", "request-id", "x-request-id", "retry-after"];

export interface Timeouts {
  connectMs: number;
  /** until the answer begins; a whole answer comes with its headers */
  headersMs: number;
  /** between two pieces of an answer */
  idleMs: number;
}

export interface Upstream {
  post(
    path: string,
    call: {
      body: Buffer;
      parts: Parts;
      headers: Record<string, string>;
      /** what of the headers no answer may repeat */
      key: string | undefined;
      /** the answer comes in pieces, and goes on in pieces */
      stream: boolean;
      signal: AbortSignal;
    },
  ): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

/** An outside server that is asked over HTTP; `name` is how errors call it. */
export function openUpstream(name: string, baseUrl: string, timeouts: Partial<Timeouts> = {}): Upstream {
  const { origin, pathname } = new URL(baseUrl);
  const base = pathname.replace(/\/+$/, "");
  const dispatcher = new Pool(origin, {
    connect: { timeout: timeouts.connectMs ?? CONNECT_TIMEOUT_MS },
    headersTimeout: timeouts.headersMs ?? HEADERS_TIMEOUT_MS,
    bodyTimeout: timeouts.idleMs ?? BODY_TIMEOUT_MS,
    keepAliveTimeout: 30_000,
  });
  return {
    async post(path, call) {
      try {
        const asked = {
          path: `${base}${path}`,
          headers: {
            ...call.headers,
            "content-type": "application/json",
            // Usage is read on the way: the bytes must not be compressed.
            "accept-encoding": "identity",
            "content-length": String(fullBytes(call.body, call.parts)),
          },
          body: call.parts.size === 0 ? call.body : Readable.from(joinBody(call.body, call.parts)),
          signal: call.signal,
        };
        const answer = await (call.stream ? askStream(dispatcher, asked) : askWhole(dispatcher, asked));
        const body = answer.body instanceof WholeBody ? answer.body : readOut(name, answer.body);
        const told = answer.status >= 400 && call.key ? withoutKey(body, call.key) : body;
        return { status: answer.status, headers: pick(answer.headers), body: told };
      } catch (error) {
        throw inOwnWords(name, error, call.signal);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

async function askStream(dispatcher: Dispatcher, asked: Parameters<typeof askWhole>[1]): Promise<RawAnswer> {
  const { statusCode: status, headers, body } = await dispatcher.request({ ...asked, method: "POST" });
  return { status, headers, body };
}

function pick(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = headers[name];
    if (typeof value === "string") picked[name] = value;
  }
  return picked;
}

async function* readOut(name: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw inOwnWords(name, error);
  }
}

/** Nothing had been sent when it failed: the same again costs nobody anything. */
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function inOwnWords(name: string, error: unknown, signal?: AbortSignal): AppError {
  const late =
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    (signal?.aborted && (signal.reason as Error | undefined)?.name === "TimeoutError");
  if (late) return new AppError("timeout", `${name} did not answer in time. Try again.`, { cause: error });
  const { code } = error as { code?: string };
  return new AppError(
    "upstream_failed",
    `${name} could not be reached, or its answer broke off. Try again.`,
    {
      cause: error,
      details: {
        notSent: NOT_SENT.has(code ?? ""),
        broken: code === "UND_ERR_SOCKET" || code === "ECONNRESET",
        // Who asked is gone, or we stop: that says nothing of the provider.
        left: signal?.aborted === true,
      },
    },
  );
}
