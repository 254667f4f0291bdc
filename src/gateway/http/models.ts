import type { Target } from "#gateway/calls/call.ts";
import type { WireName } from "#gateway/model-request.ts";
import type { Provider } from "#gateway/provider.ts";
import { type RoleModels, type Routing, resolveModel } from "#gateway/routing.ts";
import { type Price, priceOf } from "#ledger/prices.ts";
import { AppError } from "#platform/errors.ts";

export interface Offer {
  providers: Provider[];
  routing: Routing;
}

/**
 * Who answers for a model on a wire, and at what price; then who does when that one cannot.
 * @throws AppError not_found for a model that nobody offers here, or that has no price
 */
export function findTargets(
  { providers, routing }: Offer,
  asked: { model: string; wire: WireName; roles: RoleModels; ownKeys: Readonly<Record<string, string>> },
): [Target, ...Target[]] {
  const model = resolveModel(asked.model, asked.roles, routing.roles);
  if (model === null) {
    throw new AppError(
      "not_found",
      `${asked.model} is played by no model here. Ask the operator, or name a model.`,
    );
  }
  const first = targetOf(providers, model, asked.wire, asked.ownKeys);
  if (!first) throw refusal(providers, model, asked.wire);
  const others = (routing.fallbacks[model] ?? []).flatMap(
    (next) => targetOf(providers, next, asked.wire, asked.ownKeys) ?? [],
  );
  return [first, ...others];
}

function targetOf(
  providers: Provider[],
  model: string,
  wire: WireName,
  ownKeys: Readonly<Record<string, string>> = {},
): Target | null {
  const provider = providers.find((candidate) =>
    candidate.offers(model, wire, ownKeys[candidate.name] !== undefined),
  );
  if (!provider) return null;
  const ownKey = ownKeys[provider.name];
  const price = provider.priceOf(model, new Date()) ?? (ownKey ? priceOf(model, new Date()) : null);
  if (!price) return null;
  return ownKey ? { provider, model, price: atNoPrice(price), ownKey } : { provider, model, price };
}

const FREE = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, characters: 0 };

/** The provider bills the owner of the key; here it costs nobody anything. */
function atNoPrice({ long: _, charged: __, ...price }: Price): Price {
  return { ...price, rates: FREE };
}

const WIRES: readonly WireName[] = ["messages", "chat", "responses", "speech"];
const PATHS: Record<WireName, string> = {
  messages: "/v1/messages",
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
  speech: "/v1/audio/speech",
};
const KEYS: Record<string, string> = { anthropic: "ANTHROPIC_API_KEY", openai: "OPENAI_API_KEY" };

function refusal(providers: Provider[], model: string, wire: WireName): AppError {
  const others = WIRES.filter((other) => other !== wire && targetOf(providers, model, other));
  if (others.length > 0) {
    const paths = others.map((other) => PATHS[other]).join(" or ");
    return new AppError("not_found", `${model} is not offered at ${PATHS[wire]}. Call it at ${paths}.`);
  }
  const price = priceOf(model, new Date());
  if (!price) {
    return new AppError(
      "not_found",
      `${model} is not known or has no price here. GET /v1/models lists what is.`,
    );
  }
  const setting = KEYS[price.provider] ?? "CARREL_DEMO_MODEL";
  return new AppError("not_found", `${model} is not offered here: the operator has not set ${setting}.`);
}

export function listModels(
  providers: Provider[],
): { id: string; provider: string; scripted: boolean; since: string }[] {
  return providers.flatMap((provider) =>
    provider.models().flatMap((id) => {
      const price = provider.priceOf(id, new Date());
      return price ? [{ id, provider: provider.name, scripted: provider.scripted, since: price.from }] : [];
    }),
  );
}
