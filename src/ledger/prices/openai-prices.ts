import type { Price, Rates } from "#ledger/prices.ts";

/**
 * OpenAI's list prices, standard tier (https://developers.openai.com/api/docs/pricing). That page could not be read from
 * where this was written: the rows were compared with what others copied from it, and an operator looks at it before
 * charging by them.
 *  - gpt-5.4 and 5.5, the surcharge of long prompts and half price for batches:
 *    https://tokenmix.ai/blog/openai-api-cost-2026-gpt-5-5-5-4-nano-batch (read from OpenAI's page on 2026-06-04)
 *  - gpt-5.6 from its release, 2026-07-09: https://apidog.com/blog/gpt-5-6-terra/; writing to its cache costs 1.25 times
 *    the input
 *  - its cuts of 2026-07-30: https://docs.laozhang.ai/en/announcements/gpt-5-6-pricing-2026-07.md
 *  - Sol's of 2026-08-21, announced to last until 2026-11-21 at least: https://github.com/TheKrush/PromptFuel/releases/tag/v1.0.17
 *  - older models: https://docs.rs/crate/adk-model/2.1.0/source/src/openai/pricing.rs (March 2026)
 *  - speech, by the character: OpenAI's page as it was known before; found nowhere newer
 * From gpt-5.4 on a prompt of more than 272,000 tokens makes the whole call dearer: input twice, output one and a half
 * times.
 */
const BOOK_BEGINS = "2026-01-01";
const GPT_5_6 = "2026-07-09";

export const OPENAI_PRICES: readonly Price[] = [
  since(GPT_5_6, openai("gpt-5.6-sol", 1_050_000, 128_000, dollars(5, 0.5, 30, 6.25), true)),
  since("2026-08-21", openai("gpt-5.6-sol", 1_050_000, 128_000, dollars(4, 0.4, 20, 5), true)),
  since(GPT_5_6, openai("gpt-5.6-terra", 1_050_000, 128_000, dollars(2.5, 0.25, 15, 3.125), true)),
  since("2026-07-30", openai("gpt-5.6-terra", 1_050_000, 128_000, dollars(2, 0.2, 12, 2.5), true)),
  since(GPT_5_6, openai("gpt-5.6-luna", 1_050_000, 128_000, dollars(1, 0.1, 6, 1.25), true)),
  since("2026-07-30", openai("gpt-5.6-luna", 1_050_000, 128_000, dollars(0.2, 0.02, 1.2, 0.25), true)),
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

function since(from: string, price: Price): Price {
  return { ...price, from };
}

function openai(
  model: string,
  contextTokens: number,
  outputTokens: number,
  rates: Rates,
  dearerWhenLong = false,
): Price {
  const price = {
    provider: "openai",
    model,
    from: BOOK_BEGINS,
    contextTokens,
    outputTokens,
    rates,
    batchPercent: 50,
  };
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
