import { Readable } from "node:stream";
import { Agent, errors, request } from "undici";
import { fullBytes, joinBody, type Parts } from "#gateway/http/cut-body.ts";
import type { UpstreamAnswer } from "#gateway/provider.ts";
import { BODY_TIMEOUT_MS, CONNECT_TIMEOUT_MS, HEADERS_TIMEOUT_MS } from "#gateway/tunables.ts";
import { AppError } from "#platform/errors.ts";

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
    call: { body: Buffer; parts: Parts; headers: Record<string, string>; signal: AbortSignal },
  ): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

/** An outside server that is asked over HTTP; `name` is how errors call it. */
export function openUpstream(name: string, baseUrl: string, timeouts: Partial<Timeouts> = {}): Upstream {
  const base = baseUrl.replace(/\/+$/, "");
  const dispatcher = new Agent({
    connect: { timeout: timeouts.connectMs ?? CONNECT_TIMEOUT_MS },
    headersTimeout: timeouts.headersMs ?? HEADERS_TIMEOUT_MS,
    bodyTimeout: timeouts.idleMs ?? BODY_TIMEOUT_MS,
    keepAliveTimeout: 30_000,
  });
  return {
    async post(path, call) {
      try {
        const answer = await request(`${base}${path}`, {
          method: "POST",
          dispatcher,
          signal: call.signal,
          headers: {
            ...call.headers,
            "content-type": "application/json",
            // Usage is read on the way: the bytes must not be compressed.
            "accept-encoding": "identity",
            "content-length": String(fullBytes(call.body, call.parts)),
          },
          body: call.parts.size === 0 ? call.body : Readable.from(joinBody(call.body, call.parts)),
        });
        return {
          status: answer.statusCode,
          headers: pick(answer.headers),
          body: readOut(name, answer.body),
        };
      } catch (error) {
        throw inOwnWords(name, error, call.signal);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function pick(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = headers[name];
    if (typeof value === "string") picked[name] = value;
  }
  return picked;
}

async function* readOut(name: string, body: Readable): AsyncGenerator<Uint8Array> {
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
      },
    },
  );
}
