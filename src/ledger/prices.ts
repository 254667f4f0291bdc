import { OPENAI_PRICES } from "./prices/openai-prices.ts";

/**
 * The price book: dated data. All figures are whole micro-dollars per million tokens, so $3 per million is 3_000_000.
 *
 * Source of the Claude rows: Anthropic's list prices, https://platform.claude.com/docs/en/about-claude/pricing and the
 * page of each model under https://platform.claude.com/docs/en/models/, as published in October 2026; a batch costs half. An operator with
 * other terms changes them here. A change of price is a new row with its `from`; rows are never edited, so that what a
 * past call cost can always be explained. A model without a row is refused: see `priceOf`.
 */
export interface Rates {
  readonly input: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
  readonly output: number;
  /** speech: per million characters read aloud */
  readonly characters?: number;
}

export interface Price {
  readonly provider: string;
  /** the alias; a dated snapshot of it (`<model>-20251001`, `<model>-2025-10-01`) has the same price */
  readonly model: string;
  /** first day of this price, UTC, yyyy-mm-dd */
  readonly from: string;
  /** the longest prompt the model takes, in tokens */
  readonly contextTokens: number;
  /** the longest answer the model gives, in tokens: what counts where the caller sets no limit */
  readonly outputTokens: number;
  /** what the provider bills us */
  readonly rates: Rates;
  /** other rates for the whole call when its prompt, cached tokens included, is longer than `above` tokens */
  readonly long?: { readonly above: number; readonly rates: Rates };
  /**
   * what a call made in a batch costs, in percent of the rates; absent: there are no batches of it. No path of the
   * gateway leads to a provider's batches yet: whatever makes one prices it by `costOf(…, "in a batch")`
   */
  readonly batchPercent?: number;
  /** what we charge, when that is not what the provider bills */
  readonly charged?: Rates;
}

/** In dollars per million tokens, as price lists print them. */
function dollars(input: number, write5m: number, write1h: number, cacheRead: number, output: number): Rates {
  const micro = (usd: number) => Math.round(usd * 1_000_000);
  return {
    input: micro(input),
    cacheWrite5m: micro(write5m),
    cacheWrite1h: micro(write1h),
    cacheRead: micro(cacheRead),
    output: micro(output),
  };
}

const FREE = dollars(0, 0, 0, 0, 0);
const OPUS_4_5_TO_5 = dollars(5, 6.25, 10, 0.5, 25);
const SONNET_4 = dollars(3, 3.75, 6, 0.3, 15);
const FABLE_5 = dollars(10, 12.5, 20, 1, 50);
const FABLE_5_1 = dollars(10, 12.5, 20, 0.25, 50);

/** Prices that were in force before this book begin with it. */
const BOOK_BEGINS = "2026-01-01";

export const PRICES: readonly Price[] = [
  claude("claude-fable-5-1", BOOK_BEGINS, 1_000_000, FABLE_5_1),
  claude("claude-mythos-5-1", BOOK_BEGINS, 1_000_000, FABLE_5_1),
  claude("claude-fable-5", BOOK_BEGINS, 1_000_000, FABLE_5),
  claude("claude-mythos-5", BOOK_BEGINS, 1_000_000, FABLE_5),
  claude("claude-opus-5-5", BOOK_BEGINS, 1_000_000, dollars(4, 5, 8, 0.2, 20)),
  claude("claude-opus-5", "2026-07-24", 1_000_000, OPUS_4_5_TO_5),
  claude("claude-opus-4-8", BOOK_BEGINS, 1_000_000, OPUS_4_5_TO_5),
  claude("claude-opus-4-7", BOOK_BEGINS, 1_000_000, OPUS_4_5_TO_5),
  claude("claude-opus-4-6", BOOK_BEGINS, 1_000_000, OPUS_4_5_TO_5),
  claude("claude-opus-4-5", BOOK_BEGINS, 200_000, OPUS_4_5_TO_5),
  claude("claude-sonnet-5-5", BOOK_BEGINS, 1_000_000, dollars(2, 2.5, 4, 0.2, 10)),
  claude("claude-sonnet-5-5", "2026-10-07", 1_000_000, dollars(2, 2.5, 4, 0.1, 10)),
  claude("claude-sonnet-5", "2026-06-30", 1_000_000, dollars(2, 2.5, 4, 0.2, 10)),
  claude("claude-sonnet-4-6", BOOK_BEGINS, 1_000_000, SONNET_4),
  {
    ...claude("claude-sonnet-4-5", BOOK_BEGINS, 1_000_000, SONNET_4),
    long: { above: 200_000, rates: dollars(6, 7.5, 12, 0.6, 22.5) },
  },
  {
    ...claude("claude-haiku-5-5", "2026-10-07", 1_000_000, dollars(0.1, 0.125, 0.2, 0.01, 0.5)),
    long: { above: 100_000, rates: dollars(0.5, 0.625, 1, 0.05, 2.5) },
  },
  claude("claude-haiku-4-5", BOOK_BEGINS, 200_000, dollars(1, 1.25, 2, 0.1, 5)),
  // The demo model costs nobody anything; it is charged nominally so that caps and pages can be tried.
  {
    provider: "demo",
    model: "demo",
    from: BOOK_BEGINS,
    contextTokens: 50_000_000,
    outputTokens: 32_000,
    rates: FREE,
    charged: { ...dollars(0.2, 0.25, 0.4, 0.02, 1), characters: 1_000_000 },
  },
  ...OPENAI_PRICES,
];

function claude(model: string, from: string, contextTokens: number, rates: Rates): Price {
  return {
    provider: "anthropic",
    model,
    from,
    contextTokens,
    outputTokens: 128_000,
    rates,
    batchPercent: 50,
  };
}

/** The price of a model on a day, or null when there is none: such a model must be refused. */
export function priceOf(model: string, at: Date): Price | null {
  const day = Math.floor(at.getTime() / DAY_MS);
  if (day !== foundOn) {
    found.clear();
    foundOn = day;
  }
  const known = found.get(model);
  if (known) return known;
  const price = lookUp(model, at);
  // Only what has a price is kept: names come from callers.
  if (price && found.size < FOUND_MOST) found.set(model, price);
  return price;
}

const DAY_MS = 86_400_000;
/** Dated snapshots are names of their own, and any date is taken for one. */
const FOUND_MOST = 1_000;
/** What was looked up for one day. */
const found = new Map<string, Price>();
let foundOn = Number.NaN;

function lookUp(model: string, at: Date): Price | null {
  const alias = model.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, "");
  const day = at.toISOString().slice(0, 10);
  const rows = PRICES.filter((price) => price.model === alias && price.from <= day);
  return rows.reduce<Price | null>((latest, row) => (latest && latest.from > row.from ? latest : row), null);
}

/** The models of a provider that have a price on a day. */
export function pricedModels(provider: string, at: Date): string[] {
  const models = PRICES.filter((price) => price.provider === provider).map((price) => price.model);
  return [...new Set(models)].filter((model) => priceOf(model, at) !== null);
}
