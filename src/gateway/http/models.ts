import type { Provider } from "#gateway/provider.ts";
import { type Price, priceOf } from "#ledger/prices.ts";
import { AppError } from "#platform/errors.ts";

/**
 * Who answers for a model, and at what price.
 * @throws AppError not_found for a model that nobody offers here, or that has no price
 */
export function findModel(providers: Provider[], model: string): { provider: Provider; price: Price } {
  const price = priceOf(model, new Date());
  const provider = providers.find((candidate) => candidate.offers(model));
  if (provider && price) return { provider, price };
  if (price) {
    throw new AppError(
      "not_found",
      price.provider === "anthropic"
        ? `${model} is not offered here: the operator has set no ANTHROPIC_API_KEY.`
        : `${model} is not offered here: the operator has not set CARREL_DEMO_MODEL.`,
    );
  }
  throw new AppError(
    "not_found",
    `${model} is not known or has no price here. GET /v1/models lists what is.`,
  );
}

export function listModels(
  providers: Provider[],
): { id: string; provider: string; scripted: boolean; since: string }[] {
  return providers.flatMap((provider) =>
    provider.models().flatMap((id) => {
      const price = priceOf(id, new Date());
      return price ? [{ id, provider: provider.name, scripted: provider.scripted, since: price.from }] : [];
    }),
  );
}
