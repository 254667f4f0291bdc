import type { Price, Rates } from "#ledger/prices.ts";

/** Tokens of one call by class; no token is in two classes. Reasoning is part of output, kept for the record. */
export interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  reasoning: number;
  /** speech: characters read aloud */
  characters: number;
}

export const NO_TOKENS: Tokens = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  reasoning: 0,
  characters: 0,
};

/** Whole micro-dollars. */
export interface Cost {
  /** what the provider bills us */
  provider: number;
  /** what we charge */
  charged: number;
}

/**
 * Rounded up to a whole micro-dollar once per call, on the sum over all classes of tokens.
 * @throws RangeError where there is no such price, or the sum is beyond exact arithmetic
 */
export function costOf(tokens: Tokens, price: Price, made: "alone" | "in a batch" = "alone"): Cost {
  const percent = made === "alone" ? 100 : price.batchPercent;
  if (percent === undefined) throw new RangeError(`there are no batches of ${price.model}`);
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h;
  const rates = ratesFor(price, prompt);
  const provider = sum(tokens, rates, percent);
  return { provider, charged: price.charged ? sum(tokens, price.charged, percent) : provider };
}

/**
 * The most a call can cost in micro-dollars when its prompt has at most `input` tokens and its answer at most
 * `output`. `cache` is the dearest class that its prompt tokens can fall into.
 */
export function worstCaseOf(
  bound: { input: number; output: number; cache: "none" | "5m" | "1h"; characters?: number },
  price: Price,
): number {
  const input = Math.min(bound.input, price.contextTokens);
  const writeClass = { none: "input", "5m": "cacheWrite5m", "1h": "cacheWrite1h" } as const;
  const { output, characters = 0 } = bound;
  const tokens = { ...NO_TOKENS, output, characters, [writeClass[bound.cache]]: input };
  const { provider, charged } = costOf(tokens, price);
  return Math.max(provider, charged);
}

/**
 * The longest answer in tokens for which a call with such a prompt costs at most `budget` micro-dollars; negative when
 * not even its prompt fits. One micro-dollar is left out, for the rounding up.
 */
export function outputWithin(
  budget: number,
  bound: { input: number; cache: "none" | "5m" | "1h"; characters?: number },
  price: Price,
): number {
  const prompt = worstCaseOf({ ...bound, output: 0 }, price);
  const dearest = Math.max(price.rates.output, price.long?.rates.output ?? 0, price.charged?.output ?? 0);
  if (dearest === 0) return prompt <= budget ? Number.MAX_SAFE_INTEGER : -1;
  return Math.floor(((budget - prompt - 1) * 1_000_000) / dearest);
}

function ratesFor(price: Price, promptTokens: number): Rates {
  return price.long && promptTokens > price.long.above ? price.long.rates : price.rates;
}

function sum(tokens: Tokens, rates: Rates, percent: number): number {
  const atList =
    tokens.input * rates.input +
    tokens.output * rates.output +
    tokens.cacheRead * rates.cacheRead +
    tokens.cacheWrite5m * rates.cacheWrite5m +
    tokens.cacheWrite1h * rates.cacheWrite1h +
    tokens.characters * (rates.characters ?? 0);
  const inPercent = atList * percent;
  if (!Number.isSafeInteger(inPercent)) throw new RangeError("the cost of a call is beyond exact arithmetic");
  return Math.ceil(inPercent / 100_000_000);
}
