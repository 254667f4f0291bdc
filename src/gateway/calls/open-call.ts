import type { Call, HeldCall, Target } from "#gateway/calls/call.ts";
import { concludeCall } from "#gateway/calls/conclude-call.ts";
import { holdCall } from "#gateway/calls/hold-call.ts";
import type { Calling } from "#gateway/calls/perform-call.ts";
import { bodyWith } from "#gateway/model-request.ts";
import type { UpstreamAnswer } from "#gateway/provider.ts";
import { isTrouble } from "#gateway/resilience/circuits.ts";
import type { Deadline } from "#gateway/resilience/deadline.ts";
import { withRetries } from "#gateway/resilience/retry.ts";
import { AppError, isAppError } from "#platform/errors.ts";

export interface OpenedCall {
  held: HeldCall;
  upstream: UpstreamAnswer;
}

/**
 * Holds a call's worst case and asks for its answer: the first of its targets, or the next where one cannot answer.
 * When it throws, nothing is held.
 * @throws AppError over_cap, or why there is no answer
 */
export async function openCall(calling: Calling, call: Call, until: Deadline): Promise<OpenedCall> {
  for (let n = 0; ; n += 1) {
    const target = call.targets[n] as Target;
    const next = call.targets[n + 1];
    const opened = await tryTarget(calling, call, target, next === undefined, until);
    if (opened) return opened;
    if (next) {
      calling.metrics.fallbacks.inc({ from: nameOf(target), to: nameOf(next) });
      calling.log.warn({ callId: call.id, from: nameOf(target), to: nameOf(next) }, "a call falls back");
    }
  }
}

/** Null: it cannot answer, and it is not the last that could. */
async function tryTarget(
  calling: Calling,
  call: Call,
  target: Target,
  last: boolean,
  until: Deadline,
): Promise<OpenedCall | null> {
  if (!last && calling.circuits.isOpen(target.provider.name, target.model)) return null;
  const held = await holdCall(calling, call, target, until.signal);
  try {
    // Holding may have taken all the time there was: nobody was asked then.
    if (until.signal.aborted)
      throw new AppError("unavailable", "The call could not begin in time. Try again.");
    const upstream = await ask(calling, held, until);
    if (last || !worthAnother(upstream.status)) {
      if (call.request.stream) until.extend(calling.limits.totalMs);
      return { held, upstream };
    }
    void discard(upstream);
  } catch (error) {
    if (last || until.signal.aborted || !isAppError(error)) {
      await (wasGivenUp(error) ? bearCost(calling, held) : calling.holds.release(held.hold));
      throw error;
    }
    calling.log.info({ err: error, callId: call.id, target: nameOf(target) }, "a target could not answer");
  }
  await calling.holds.release(held.hold);
  return null;
}

/**
 * It was asked, and we waited no longer: it may work on all the same, and bill what nobody will read. Not where the
 * caller left: nobody shall use up the site's budget by leaving, and whether the prompt was even sent is not known.
 */
function wasGivenUp(error: unknown): boolean {
  return isAppError(error) && error.code === "timeout";
}

async function bearCost(calling: Calling, held: HeldCall): Promise<void> {
  const reading = held.wire.meter("text/event-stream", held.request).read();
  await concludeCall(calling, held, { kind: "broken", reading, late: true });
}

async function ask(calling: Calling, held: HeldCall, until: Deadline): Promise<UpstreamAnswer> {
  const { provider, model, ownKey } = held.target;
  const { request } = held;
  const changes = {
    model,
    ...(held.lowered ? held.wire.limitOutput(request, held.output) : {}),
  };
  const body = bodyWith(request, changes);
  const value = body === request.body ? request.value : { ...request.value, ...changes };
  const { id: callId, headers } = held;
  const { wire, stream, parts } = request;
  const once = () =>
    provider.call({ callId, wire, model, stream, value, body, parts, headers, ownKey, signal: until.signal });
  return calling.circuits.through(provider.name, model, () =>
    withRetries(once, {
      budget: calling.budgetOf(provider.name),
      streamed: stream,
      signal: until.signal,
      onRetry: () => calling.metrics.retries.inc({ provider: provider.name, model }),
    }),
  );
}

/** Another provider may well answer what this one refused so: it is not about the request. */
function worthAnother(status: number): boolean {
  return isTrouble(status) || status === 401 || status === 403 || status === 404;
}

function nameOf(target: Target): string {
  return `${target.provider.name}/${target.model}`;
}

async function discard(answer: UpstreamAnswer): Promise<void> {
  try {
    for await (const _ of answer.body) {
      // Read to its end, so that the connection can be used again.
    }
  } catch {
    // A refusal that broke off is a refusal.
  }
}
