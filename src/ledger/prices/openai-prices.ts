import type { Price, Rates } from "#ledger/prices.ts";

/**
 * Source of these rows: public copies, made in 2026, of OpenAI's list prices (https://platform.openai.com/docs/pricing,
 * standard tier). They were not compared with that page itself: an operator does so before charging by them. From gpt-5.4 on a prompt of more than 272,000 tokens makes the whole call dearer: input twice, output
 * one and a half times. From gpt-5.6 on writing to the cache has a price of its own. Speech is priced by the character.
 */
const BOOK_BEGINS = "2026-01-01";

export const OPENAI_PRICES: readonly Price[] = [
  openai("gpt-5.6-sol", 1_050_000, 128_000, dollars(4, 0.4, 20, 5), true),
  openai("gpt-5.6-terra", 1_050_000, 128_000, dollars(2, 0.2, 12, 2.5), true),
  openai("gpt-5.6-luna", 1_050_000, 128_000, dollars(0.2, 0.02, 1.2, 0.25), true),
  openai("gpt-5.5", 1_050_000, 128_000, dollars(5, 0.5, 30), true),
  openai("gpt-5.4", 1_050_000, 128_000, dollars(2.5, 0.25, 15), true),
  openai("gpt-5.4-mini", 400_000, 128_000, dollars(0.75, 0.075, 4.5)),
  openai("gpt-5.4-nano", 400_000, 128_000, dollars(0.2, 0.02, 1.25)),
  openai("gpt-5.2", 400_000, 128_000, dollars(1.75, 0.175, 14)),
  openai("gpt-5.1", 400_000, 128_000, dollars(1.25, 0.125, 10)),
  openai("gpt-5.1-codex", 400_000, 128_000, dollars(1.25, 0.125, 10)),
  openai("gpt-5.1-codex-max", 400_000, 128_000, dollars(1.25, 0.125, 10)),
  openai("gpt-5", 400_000, 128_000, dollars(1.25, 0.125, 10)),
  openai("gpt-5-codex", 400_000, 128_000, dollars(1.25, 0.125, 10)),
  openai("gpt-5-mini", 400_000, 128_000, dollars(0.25, 0.025, 2)),
  openai("gpt-5-nano", 400_000, 128_000, dollars(0.05, 0.005, 0.4)),
  openai("gpt-4.1", 1_047_576, 32_768, dollars(2, 0.5, 8)),
  openai("gpt-4.1-mini", 1_047_576, 32_768, dollars(0.4, 0.1, 1.6)),
  openai("gpt-4.1-nano", 1_047_576, 32_768, dollars(0.1, 0.025, 0.4)),
  openai("gpt-4o", 128_000, 16_384, dollars(2.5, 1.25, 10)),
  openai("gpt-4o-mini", 128_000, 16_384, dollars(0.15, 0.075, 0.6)),
  openai("tts-1", 0, 0, { ...dollars(0, 0, 0), characters: 15_000_000 }),
  openai("tts-1-hd", 0, 0, { ...dollars(0, 0, 0), characters: 30_000_000 }),
];

/** In dollars per million tokens, as price lists print them. */
function dollars(input: number, cacheRead: number, output: number, cacheWrite = input): Rates {
  const micro = (usd: number) => Math.round(usd * 1_000_000);
  return {
    input: micro(input),
    cacheRead: micro(cacheRead),
    cacheWrite5m: micro(cacheWrite),
    cacheWrite1h: micro(cacheWrite),
    output: micro(output),
  };
}

function openai(
  model: string,
  contextTokens: number,
  outputTokens: number,
  rates: Rates,
  dearerWhenLong = false,
): Price {
  const price = { provider: "openai", model, from: BOOK_BEGINS, contextTokens, outputTokens, rates };
  if (!dearerWhenLong) return price;
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output } = rates;
  const long = {
    input: input * 2,
    cacheRead: cacheRead * 2,
    cacheWrite5m: cacheWrite5m * 2,
    cacheWrite1h: cacheWrite1h * 2,
    output: output * 1.5,
  };
  return { ...price, long: { above: 272_000, rates: long } };
}
