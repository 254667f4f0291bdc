import type { Readable } from "node:stream";
import { Agent, errors, request } from "undici";
import type { Provider, UpstreamAnswer } from "#gateway/provider.ts";
import { BODY_TIMEOUT_MS, CONNECT_TIMEOUT_MS, HEADERS_TIMEOUT_MS } from "#gateway/tunables.ts";
import { PRICES, priceOf } from "#ledger/prices.ts";
import { AppError } from "#platform/errors.ts";

/** What of Anthropic's headers goes on to the caller. Its rate limits are the operator's, not the caller's. */
const PASSED_ON = ["content-type", "request-id", "retry-after"];

/** Anthropic, or a server that speaks its wire. The key is here and nowhere else. */
export function anthropicProvider(options: { apiKey: string | undefined; baseUrl: string }): Provider & {
  close(): Promise<void>;
} {
  const { apiKey } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const dispatcher = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
  });

  async function post(
    path: string,
    call: { body: Buffer; headers: Record<string, string>; signal: AbortSignal },
  ): Promise<UpstreamAnswer> {
    if (!apiKey) throw new AppError("unavailable", "This installation has no Anthropic key.");
    try {
      const answer = await request(`${baseUrl}${path}`, {
        method: "POST",
        dispatcher,
        signal: call.signal,
        headers: {
          "anthropic-version": "2023-06-01",
          ...call.headers,
          "content-type": "application/json",
          // Usage is read on the way: the bytes must not be compressed.
          "accept-encoding": "identity",
          "x-api-key": apiKey,
        },
        body: call.body,
      });
      return {
        status: answer.statusCode,
        headers: pick(answer.headers),
        body: readOut(answer.body),
      };
    } catch (error) {
      throw inOwnWords(error);
    }
  }

  return {
    name: "anthropic",
    scripted: false,
    models: () => (apiKey ? pricedToday() : []),
    offers: (model) => apiKey !== undefined && priceOf(model, new Date())?.provider === "anthropic",
    messages: (call) => post("/v1/messages", call),
    countTokens: (call) => post("/v1/messages/count_tokens", call),
    close: () => dispatcher.destroy(),
  };
}

function pricedToday(): string[] {
  const claude = PRICES.filter((price) => price.provider === "anthropic").map((price) => price.model);
  return [...new Set(claude)].filter((model) => priceOf(model, new Date()) !== null);
}

function pick(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}

async function* readOut(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw inOwnWords(error);
  }
}

function inOwnWords(error: unknown): AppError {
  const late = error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError;
  if (late) {
    return new AppError("timeout", "Anthropic did not answer in time. Try again.", { cause: error });
  }
  return new AppError(
    "upstream_failed",
    "Anthropic could not be reached, or its answer broke off. Try again.",
    {
      cause: error,
    },
  );
}
