import type { Provider, UpstreamCall } from "#gateway/provider.ts";
import { openUpstream, type Timeouts } from "#gateway/providers/http/upstream.ts";
import { pricedModels, priceOf } from "#ledger/prices.ts";
import { AppError } from "#platform/errors.ts";

/** Anthropic, or a server that speaks its wire. The key is here and nowhere else. */
export function anthropicProvider(options: {
  apiKey: string | undefined;
  baseUrl: string;
  timeouts?: Partial<Timeouts>;
}): Provider & { close(): Promise<void> } {
  const { apiKey } = options;
  const upstream = openUpstream("Anthropic", options.baseUrl, options.timeouts);

  function post(
    path: string,
    call: Pick<UpstreamCall, "body" | "headers" | "ownKey" | "parts" | "signal" | "stream">,
  ) {
    const key = call.ownKey ?? apiKey;
    if (!key) throw new AppError("unavailable", "This installation has no Anthropic key.");
    const headers = { "anthropic-version": "2023-06-01", ...call.headers, "x-api-key": key };
    return upstream.post(path, { ...call, headers, key });
  }

  const price = (model: string, at: Date) => {
    const found = priceOf(model, at);
    return found?.provider === "anthropic" ? found : null;
  };
  return {
    name: "anthropic",
    scripted: false,
    models: () => (apiKey ? pricedModels("anthropic", new Date()) : []),
    offers: (model, wire, withOwnKey) =>
      (apiKey !== undefined || withOwnKey) && wire === "messages" && price(model, new Date()) !== null,
    priceOf: price,
    call: async (call) => post("/v1/messages", call),
    countTokens: async (call) => post("/v1/messages/count_tokens", { ...call, stream: false }),
    close: () => upstream.close(),
  };
}
