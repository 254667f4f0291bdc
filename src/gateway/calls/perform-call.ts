import type pg from "pg";
import type { KeptAnswers } from "#gateway/answers/kept-answers.ts";
import type { Answer, Call, HeldCall } from "#gateway/calls/call.ts";
import { chargeOf, concludeCall, type Ending, settlementOf } from "#gateway/calls/conclude-call.ts";
import { type Conclude, headersFor } from "#gateway/calls/concluding.ts";
import { type OpenedCall, openCall } from "#gateway/calls/open-call.ts";
import { streamedAnswer } from "#gateway/calls/stream-answer.ts";
import type { CallsUnderWay } from "#gateway/calls/under-way.ts";
import type { Circuits } from "#gateway/resilience/circuits.ts";
import { type Deadline, deadline } from "#gateway/resilience/deadline.ts";
import type { Metrics } from "#gateway/resilience/metrics.ts";
import type { RetryBudget } from "#gateway/resilience/retry.ts";
import { MAX_ERROR_BYTES } from "#gateway/tunables.ts";
import { joined, WholeBody } from "#gateway/whole-body.ts";
import { isSound } from "#gateway/wires/openai/speech.ts";
import type { Holds } from "#ledger/holds.ts";
import { AppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";

/** How long a call may take, milliseconds. */
export interface TimeLimits {
  /** until the first byte of an answer that comes in pieces */
  firstByteMs: number;
  /** from its first byte to its last */
  totalMs: number;
  /** for an answer that comes whole */
  wholeMs: number;
}

export interface Calling {
  pool: pg.Pool;
  holds: Holds;
  underWay: CallsUnderWay;
  circuits: Circuits;
  metrics: Metrics;
  keptAnswers: KeptAnswers;
  budgetOf(provider: string): RetryBudget;
  limits: TimeLimits;
  log: Logger;
}

/**
 * Reserves, calls, settles. `left` is aborted when the caller is gone; of a call that is recorded when nobody will come
 * back for it.
 * @throws AppError over_cap, or why there is no answer; nothing stays reserved then
 */
export async function performCall(calling: Calling, call: Call, left: AbortSignal): Promise<Answer> {
  const began = performance.now();
  const done = calling.underWay.begin(call.id);
  const { stream } = call.request;
  // An answer that comes whole is not broken off: what it had cost by then nobody would tell.
  const signals = stream ? [calling.underWay.stopping, left] : [calling.underWay.stopping];
  const { firstByteMs, wholeMs } = calling.limits;
  const until = deadline(stream ? firstByteMs : wholeMs, signals);
  let opened: OpenedCall;
  try {
    opened = await openCall(calling, call, until);
  } catch (error) {
    until.release();
    done();
    throw error;
  }
  const { held, upstream } = opened;
  const concludeOnce = (ending: Ending) => {
    until.release();
    calling.metrics.seconds.observe(
      { provider: held.target.provider.name },
      (performance.now() - began) / 1000,
    );
    return conclude(calling, held, ending, done);
  };
  const concluding = { conclude: concludeOnce, left };
  if (upstream.status !== 200) return refusedAnswer(calling, opened, concluding.conclude);
  if (stream && isStream(held, upstream.headers["content-type"] ?? ""))
    return streamedAnswer(calling, opened, concluding);
  return wholeAnswer(calling, opened, until, concluding.conclude);
}

/**
 * Answers what is charged. With a key, when it is recorded; without one at once: the ledger is written while the answer
 * is on its way, and should this process die in between, the call is our cost.
 */
async function conclude(calling: Calling, held: HeldCall, ending: Ending, done: () => void): Promise<number> {
  const { provider, model } = held.target;
  const labels = { provider: provider.name, model };
  if (held.kept && ending.kind === "whole" && ending.body) {
    const { headers, body } = ending;
    calling.keptAnswers.keep(held.bearer.userId, held.request, { headers, body }).catch((error: unknown) => {
      calling.log.warn({ err: error, callId: held.id }, "could not keep an answer");
    });
  }
  calling.metrics.calls.inc({ ...labels, outcome: ending.kind });
  let settlement: ReturnType<typeof settlementOf>;
  try {
    settlement = settlementOf(held, ending);
  } catch (error) {
    // What it cost cannot be said: it is over all the same, and its reservation expires at our cost.
    done();
    throw error;
  }
  const concluded = concludeCall(calling, held, ending, settlement).finally(done);
  if (held.key !== null) return concluded;
  concluded.catch(sayUnsettled(calling.log, held.id));
  const charged = chargeOf(held, settlement);
  calling.metrics.cost.inc(labels, charged);
  return charged;
}

/** A function of its own, so that what waits for the entry keeps nothing else of the call in memory. */
function sayUnsettled(log: Logger, callId: string): (error: unknown) => void {
  return (error) => log.error({ err: error, callId }, "could not settle a call; it will be our cost");
}

/** What comes under another name is read to its end before anything of it goes on: it may be a page that says "busy". */
function isStream(held: HeldCall, contentType: string): boolean {
  if (held.request.wire === "speech") return isSound(contentType);
  return contentType.startsWith("text/event-stream");
}

/** The provider's own refusal, in its own words, except where they are about the operator's key. */
async function refusedAnswer(
  { log }: Calling,
  { held, upstream }: OpenedCall,
  concluded: Conclude,
): Promise<Answer> {
  const { id: callId, target } = held;
  const body = await collect(upstream.body, MAX_ERROR_BYTES).catch((error: unknown) => {
    log.warn({ err: error, callId }, "the provider's refusal broke off");
    return Buffer.alloc(0);
  });
  await concluded({ kind: "refused" });
  const { status, headers } = upstream;
  const json = (headers["content-type"] ?? "").startsWith("application/json");
  if (target.ownKey && (status === 401 || status === 403)) {
    throw new AppError(
      "forbidden",
      `${target.provider.name} refused your own key. Enter another, or remove it.`,
    );
  }
  if (status === 401 || status === 403 || status < 400 || body.length === 0 || !json) {
    log.warn({ callId, status, provider: target.provider.name }, "the provider refused this installation");
    throw new AppError(
      "upstream_failed",
      `${target.provider.name} answered ${status}. Ask the operator to check the provider's key and address.`,
    );
  }
  return { requestId: callId, status, headers, streamed: false, body: new WholeBody(body), cost: () => 0 };
}

async function wholeAnswer(
  _calling: Calling,
  { held, upstream }: OpenedCall,
  until: Deadline,
  concluded: Conclude,
): Promise<Answer> {
  const { status } = upstream;
  const headers = headersFor(held, upstream.headers);
  const meter = held.wire.meter(headers["content-type"] ?? "", held.request);
  let body: Buffer;
  try {
    body = await collect(upstream.body);
    meter.feed(body);
  } catch (error) {
    await concluded({ kind: "broken", reading: meter.read() });
    throw until.signal.aborted
      ? new AppError("timeout", "The answer took too long.", { cause: error })
      : error;
  }
  const reading = meter.read();
  if (!reading.whole) {
    await concluded({ kind: "broken", reading });
    throw new AppError("upstream_failed", "The provider's answer could not be read. Try again.");
  }
  const charged = await concluded({ kind: "whole", reading, status, headers, body });
  return {
    requestId: held.id,
    status,
    headers,
    streamed: false,
    body: new WholeBody(body),
    cost: () => charged,
  };
}

/** @throws AppError upstream_failed when there is more than `limit` bytes */
async function collect(body: AsyncIterable<Uint8Array>, limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  if (body instanceof WholeBody && body.bytes.length <= limit) return body.bytes;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new AppError("upstream_failed", "The provider's answer is too long.");
    chunks.push(chunk);
  }
  return joined(chunks);
}
