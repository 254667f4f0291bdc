import type { WireName } from "#gateway/model-request.ts";
import type { Provider, UpstreamAnswer, UpstreamCall } from "#gateway/provider.ts";
import { openUpstream, type Timeouts } from "#gateway/providers/http/upstream.ts";
import { priceOf as bookPrice, type Price } from "#ledger/prices.ts";
import { AppError } from "#platform/errors.ts";
import { callTranslated } from "./call-translated.ts";

const PATHS: Partial<Record<WireName, string>> = {
  chat: "/chat/completions",
  responses: "/responses",
  speech: "/audio/speech",
};

/** What OpenAI itself offers, whoever's key it is. */
function listedPrice(model: string): Price | null {
  const price = bookPrice(model, new Date());
  return price?.provider === "openai" ? price : null;
}

/** OpenAI, or a server that speaks its wires: a local one, say. A caller on Anthropic's wire is translated. */
export function openaiProvider(options: {
  name: string;
  /** with its version, e.g. https://api.openai.com/v1 */
  baseUrl: string;
  /** undefined: the server wants none */
  apiKey: string | undefined;
  /** the models by the names that callers use, each with its price */
  models: () => string[];
  priceOf: (model: string, at: Date) => Price | null;
  /** which of the wires the server speaks itself */
  wires: readonly WireName[];
  timeouts?: Partial<Timeouts>;
}): Provider & { close(): Promise<void> } {
  const { apiKey, priceOf } = options;
  const upstream = openUpstream(options.name, options.baseUrl, options.timeouts);

  function post(
    call: Pick<UpstreamCall, "wire" | "body" | "ownKey" | "parts" | "signal" | "stream">,
  ): Promise<UpstreamAnswer> {
    const path = PATHS[call.wire];
    if (!path) throw new AppError("internal", `${options.name} was called on a wire it does not speak`);
    const key = call.ownKey ?? apiKey;
    const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
    return upstream.post(path, { ...call, headers, key });
  }

  return {
    name: options.name,
    scripted: false,
    models: options.models,
    offers(model, wire, withOwnKey) {
      const price = priceOf(model, new Date()) ?? (withOwnKey ? listedPrice(model) : null);
      if (!price) return false;
      if ((price.rates.characters !== undefined) !== (wire === "speech")) return false;
      return options.wires.includes(wire) || (wire === "messages" && options.wires.includes("chat"));
    },
    priceOf,
    call: async (call) => (call.wire === "messages" ? callTranslated(call, post) : post(call)),
    close: () => upstream.close(),
  };
}
