import { z } from "zod";
import type { Price } from "#ledger/prices.ts";

const micro = z.number().nonnegative();
const Rates = z.object({
  input: micro,
  cacheWrite5m: micro,
  cacheWrite1h: micro,
  cacheRead: micro,
  output: micro,
  characters: micro.optional(),
});

/** Rates in whole micro-dollars per million tokens, as the price book has them. */
export const KnownPrice = z.object({
  provider: z.string(),
  model: z.string(),
  from: z.string(),
  contextTokens: z.number(),
  outputTokens: z.number(),
  rates: Rates,
  long: z.object({ above: z.number(), rates: Rates }).optional(),
  batchPercent: z.number().optional(),
}) satisfies z.ZodType<Price>;

/** The price as the caller pays it; what the provider bills is the operator's matter. */
export function priceToPay({ long, charged, ...price }: Price): Price {
  if (charged) return { ...price, rates: charged };
  return long ? { ...price, long } : price;
}

/** `POST /price.json`: what a model costs this caller, own keys and roles heeded, and those that answer where it cannot. */
export const PriceAnswer = z.object({ prices: z.array(KnownPrice).min(1) });

export const PriceQuestion = z.object({ model: z.string().min(1).max(200) });
