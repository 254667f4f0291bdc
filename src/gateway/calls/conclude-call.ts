import type pg from "pg";
import type { HeldCall } from "#gateway/calls/call.ts";
import type { Reading } from "#gateway/calls/meter.ts";
import { failCall, recordCall, takeCall } from "#gateway/calls/model-calls.ts";
import { fullBytes } from "#gateway/http/cut-body.ts";
import { type Cost, costOf, NO_TOKENS, type Tokens } from "#ledger/cost.ts";
import type { Hold, Holds } from "#ledger/holds.ts";
import { flushed, type Release, type Settlement, settleWithin } from "#ledger/settle.ts";
import { inTransaction, whilePassing } from "#platform/db.ts";

/** How a call ended, as far as money and its recording are concerned. */
export type Ending =
  | { kind: "whole"; reading: Reading; status: number; headers: Record<string, string>; body: Buffer | null }
  /** the caller went away in the middle of the answer */
  | { kind: "left"; reading: Reading }
  /** the provider, or we, broke off in the middle of the answer */
  | { kind: "broken"; reading: Reading; late?: boolean }
  /** the provider did nothing that it bills */
  | { kind: "refused" };

interface Concluding {
  pool: pg.Pool;
  holds: Holds;
}

/** A rough count where the provider gave none: text averages about four bytes a token. Always marked as estimated. */
const BYTES_PER_TOKEN = 4;

/** An answer is paid for: the database may be away for half a minute before it is given up. */
const RETRIES_MS = [
  50, 200, 500, 1_000, 2_000, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000,
];

/**
 * Settles a call and, where it has a key, records its answer in the same transaction. Answers what was charged in
 * micro-dollars. A caller pays for answers that came whole or that they broke off themselves; what broke on the way is
 * our cost.
 */
export function concludeCall(
  calling: Concluding,
  call: HeldCall,
  ending: Ending,
  settlement: Settlement | Release = settlementOf(call, ending),
): Promise<number> {
  // Drawn from an allowance, its entry is written with many others, and tried again with them. Nothing here waits for
  // that: request and answer need not outlive the call in memory.
  if (call.hold.allowance) return settleHold(calling.holds, call.hold, settlement);
  return whilePassing(RETRIES_MS, () => conclude(calling, call, ending, settlement));
}

/** What a call is charged, before anything is written. */
export function chargeOf(call: HeldCall, settlement: Settlement | Release): number {
  return "released" in settlement ? 0 : Math.min(call.held, settlement.cost.charged);
}

async function conclude(
  { pool, holds }: Concluding,
  call: HeldCall,
  ending: Ending,
  settlement: Settlement | Release,
): Promise<number> {
  if (call.key === null) return settleHold(holds, call.hold, settlement);
  const charged = await inTransaction(pool, (client) => concludeKeyed(client, call, ending, settlement));
  await flushed(pool);
  return charged;
}

function settleHold(holds: Holds, hold: Hold, settlement: Settlement | Release): Promise<number> {
  if ("released" in settlement) return holds.release(hold).then(() => 0);
  return holds.settle(hold, settlement).then((charged) => charged ?? 0);
}

async function concludeKeyed(
  client: pg.PoolClient,
  call: HeldCall,
  ending: Ending,
  settlement: Settlement | Release,
): Promise<number> {
  // On their way together: each finds nothing where the one before it found nothing.
  const [, charged] = await Promise.all([
    takeCall(client, call.id),
    settleWithin(client, settlement),
    keep(client, call, ending),
  ]);
  return charged ?? 0;
}

function keep(client: pg.PoolClient, { id }: HeldCall, ending: Ending): Promise<void> {
  if (ending.kind !== "whole" || !ending.body) return failCall(client, id);
  const { status, headers, body } = ending;
  return recordCall(client, { id, status, headers, body });
}

/** What of a call that ended so goes into the ledger. */
export function settlementOf(call: HeldCall, ending: Ending): Settlement | Release {
  if (ending.kind === "refused") return { callId: call.id, released: true };
  const { counted } = ending.reading;
  const tokens = counted && ending.reading.tokens ? ending.reading.tokens : estimate(call, ending.reading);
  const cost = costOf(tokens, call.target.price);
  return {
    callId: call.id,
    tokens,
    cost: ending.kind === "broken" ? ({ ...cost, charged: 0 } satisfies Cost) : cost,
    estimated: !counted,
    reason: reasonFor(ending, counted) ?? (call.target.ownKey ? "With the user's own key." : null),
  };
}

function reasonFor(ending: Ending, counted: boolean): string | null {
  if (ending.kind === "broken") {
    const fault = ending.late ? "did not come in time" : "broke off on the way";
    return `The answer ${fault}; the platform bears its cost.`;
  }
  if (counted) return null;
  return ending.kind === "left"
    ? "The caller left in the middle of the answer; what had been generated is estimated."
    : "The provider did not say how many tokens there were.";
}

/** Never more than the call's worst case was held for. */
function guessPrompt({ request, target }: HeldCall): number {
  const { body, parts, bound } = request;
  const roughly = Math.ceil(fullBytes(body, parts) / BYTES_PER_TOKEN);
  return Math.min(roughly, bound.input, target.price.contextTokens);
}

function estimate(call: HeldCall, { tokens, generatedBytes }: Reading): Tokens {
  const prompt = tokens ?? { ...NO_TOKENS, input: guessPrompt(call) };
  const output = Math.min(call.output, Math.ceil(generatedBytes / BYTES_PER_TOKEN));
  return { ...prompt, output: Math.max(prompt.output, output) };
}
