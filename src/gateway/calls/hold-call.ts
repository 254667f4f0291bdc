import { setTimeout as delay } from "node:timers/promises";
import type { PromptBound } from "#gateway/calls/bound-request.ts";
import type { Call, HeldCall, Target } from "#gateway/calls/call.ts";
import { countPrompt } from "#gateway/calls/count-prompt.ts";
import { explainRefusal } from "#gateway/calls/over-cap.ts";
import type { Calling } from "#gateway/calls/perform-call.ts";
import { RESERVATION_TTL_SECONDS, SETTLING_MS } from "#gateway/tunables.ts";
import { outputWithin, worstCaseOf } from "#ledger/cost.ts";
import type { ReserveOutcome } from "#ledger/reserve.ts";

/** How often a lowered call is tried again when others took what was left in the meantime. */
const LOWERINGS = 3;

type Refused = ReserveOutcome & { reserved: false };

/**
 * Holds the worst case of a call. Where less is left than was asked for, the answer's limit is lowered to what fits,
 * down to what is still of use; the provider is asked to count the prompt only when its bound does not fit.
 * @throws AppError over_cap
 */
export async function holdCall(
  { holds }: Calling,
  call: Call,
  target: Target,
  signal: AbortSignal,
): Promise<HeldCall> {
  const { request } = call;
  const asked = request.maxOutput ?? target.price.outputTokens;
  const least = Math.min(asked, request.leastOutput);
  let bound: PromptBound = request.bound;

  const worst = (output: number) =>
    worstCaseOf({ ...bound, output, characters: request.characters }, target.price);
  const hold = async (output: number): Promise<HeldCall | Refused> => {
    const amount = worst(output);
    // What repeats a key looks for the reservation of the call that it follows.
    const outcome = await holds.hold(reservation(call, target, amount), call.key !== null);
    if (!outcome.reserved) return outcome;
    return { ...call, target, held: amount, hold: outcome.hold, output, lowered: output < asked };
  };

  let outcome = await hold(asked);
  if ("target" in outcome) return outcome;
  // Calls that have just ended may still hold what they did not use.
  await delay(SETTLING_MS);
  outcome = await hold(asked);
  for (let tries = 0; tries < LOWERINGS && !("target" in outcome); tries += 1) {
    let output = Math.min(asked, outputWithin(outcome.left, bound, target.price));
    if (output < least) {
      const counted = bound === request.bound ? await countPrompt(call, target, signal) : null;
      if (counted === null || counted >= bound.input) break;
      bound = { ...bound, input: counted };
      output = Math.min(asked, outputWithin(outcome.left, bound, target.price));
      if (output < least) break;
    }
    outcome = await hold(output);
  }
  if ("target" in outcome) return outcome;
  throw explainRefusal(outcome, worst(least));
}

function reservation(call: Call, target: Target, amount: number) {
  const { id: callId, bearer, caps } = call;
  const { provider, model } = target;
  return {
    callId,
    bearer,
    provider: provider.name,
    model,
    amount,
    caps,
    ttlSeconds: RESERVATION_TTL_SECONDS,
  };
}
