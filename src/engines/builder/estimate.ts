import type { Plan, PlanFile } from "#engines/builder/plan.ts";
import { FILES_SHOWN, PROMPT_OF_ROLE, TOKENS_OF_FILE, WHOLE_DEPENDENCY } from "#engines/builder/tunables.ts";
import { costOf, NO_TOKENS } from "#ledger/cost.ts";
import type { Price } from "#ledger/prices.ts";

/** Whole micro-dollars: what a step costs when it goes smoothly, and what it may well cost when it does not. */
export interface Range {
  low: number;
  high: number;
}

/** What the estimates of a round start from; sizes in UTF-8 bytes. */
export interface Basis {
  plan: Plan;
  /** never empty */
  prices: Price[];
  /** of the requests, instructions and the project's own words, which every call repeats */
  requestBytes: number;
  /** of planned files that exist already */
  presentBytes: ReadonlyMap<string, number>;
}

/** A token is five bytes of plain English at most, and two where a text is code, Korean or Japanese. */
function promptTokens(bytes: number): Range {
  return { low: Math.ceil(bytes / 5), high: Math.ceil(bytes / 2) };
}

/** The length of the file as it will be: by its complexity, and not much shorter than it is now. */
function fileTokens({ presentBytes }: Basis, file: PlanFile): Range {
  const present = promptTokens(presentBytes.get(file.path) ?? 0);
  const usual = TOKENS_OF_FILE[file.complexity];
  return {
    low: Math.max(usual.low, present.low),
    high: Math.max(usual.high, Math.ceil(present.high * 1.25)),
  };
}

export function estimateWrite(basis: Basis, file: PlanFile): Range {
  const prompt = sharedPrompt(basis);
  const own = promptTokens(basis.presentBytes.get(file.path) ?? 0);
  const planned = new Map(basis.plan.files.map((each) => [each.path, each]));
  const shown = file.dependsOn.map((path) => {
    const most = Math.ceil(WHOLE_DEPENDENCY / 2);
    const other = planned.get(path);
    const tokens = other ? fileTokens(basis, other) : { low: 0, high: most };
    return { low: Math.min(most, tokens.low), high: Math.min(most, tokens.high) };
  });
  const input = sum([prompt, own, ...shown]);
  return priced(basis.prices, input, fileTokens(basis, file));
}

/** One repair: it sees the files, and gives the whole new text of one of them or of some. */
export function estimateRepair(basis: Basis, writtenBytes?: number[]): Range {
  const files = writtenBytes?.map(promptTokens) ?? basis.plan.files.map((file) => fileTokens(basis, file));
  const all = sum(files);
  const seen = { low: Math.ceil(all.low / 2), high: Math.min(Math.ceil(FILES_SHOWN / 2), all.high) };
  const changed = {
    low: Math.min(...files.map(({ low }) => low)),
    high: Math.max(...files.map(({ high }) => high)),
  };
  return priced(basis.prices, sum([sharedPrompt(basis), seen]), changed);
}

function sharedPrompt({ plan, requestBytes }: Basis): Range {
  return promptTokens(PROMPT_OF_ROLE + requestBytes + Buffer.byteLength(JSON.stringify(plan)));
}

/** The low end at the price of the model that is asked; the high end at that of the dearest that may answer. */
function priced(prices: Price[], input: Range, output: Range): Range {
  const first = prices.slice(0, 1);
  return { low: dearest(first, input.low, output.low), high: dearest(prices, input.high, output.high) };
}

function dearest(prices: Price[], input: number, output: number): number {
  return Math.max(...prices.map((price) => costOf({ ...NO_TOKENS, input, output }, price).charged));
}

export function sum(ranges: Range[]): Range {
  return { low: total(ranges.map(({ low }) => low)), high: total(ranges.map(({ high }) => high)) };
}

function total(numbers: number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
