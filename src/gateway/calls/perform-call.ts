import type pg from "pg";
import { boundRequest } from "#gateway/calls/bound-request.ts";
import type { Answer, Call } from "#gateway/calls/call.ts";
import { concludeCall, type Ending } from "#gateway/calls/conclude-call.ts";
import { type Meter, meterFor } from "#gateway/calls/meter.ts";
import { explainRefusal } from "#gateway/calls/over-cap.ts";
import type { CallsUnderWay } from "#gateway/calls/under-way.ts";
import { wireErrorBody } from "#gateway/http/wire-error.ts";
import type { UpstreamAnswer } from "#gateway/provider.ts";
import { MAX_ERROR_BYTES, RESERVATION_TTL_SECONDS } from "#gateway/tunables.ts";
import { worstCaseOf } from "#ledger/cost.ts";
import { reserve } from "#ledger/reserve.ts";
import { AppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";

export interface Calling {
  pool: pg.Pool;
  underWay: CallsUnderWay;
  log: Logger;
}

/**
 * Reserves, calls, settles. The answer's body ends only when the call is settled. `left` is aborted when the caller is
 * gone; a call that is recorded does not get it, because it goes on.
 * @throws AppError over_cap, or why there is no answer; nothing stays reserved then
 */
export async function performCall(calling: Calling, call: Call, left: AbortSignal): Promise<Answer> {
  const done = calling.underWay.begin(call.id);
  try {
    await reserveWorstCase(calling, call);
    const upstream = await ask(calling, call, left);
    const contentType = upstream.headers["content-type"] ?? "";
    if (upstream.status !== 200) return await refusedAnswer(calling, call, upstream).finally(done);
    if (contentType.startsWith("text/event-stream"))
      return streamedAnswer(calling, call, upstream, left, done);
    return await wholeAnswer(calling, call, upstream).finally(done);
  } catch (error) {
    done();
    throw error;
  }
}

async function reserveWorstCase({ pool }: Calling, call: Call): Promise<void> {
  const bound = { ...boundRequest(call.request, call.body.length), output: call.request.max_tokens };
  const amount = worstCaseOf(bound, call.price);
  const outcome = await reserve(pool, {
    callId: call.id,
    bearer: call.bearer,
    provider: call.provider.name,
    model: call.request.model,
    amount,
    caps: call.caps,
    ttlSeconds: RESERVATION_TTL_SECONDS,
  });
  if (!outcome.reserved) throw explainRefusal(outcome, amount);
}

async function ask({ pool, underWay }: Calling, call: Call, left: AbortSignal): Promise<UpstreamAnswer> {
  const { id: callId, request, body, headers } = call;
  // An answer that comes whole is not broken off: what it had cost by then nobody would tell.
  const signal = AbortSignal.any(request.stream ? [underWay.stopping, left] : [underWay.stopping]);
  try {
    return await call.provider.messages({ callId, request, body, headers, signal });
  } catch (error) {
    await concludeCall(pool, call, { kind: "refused" });
    throw error;
  }
}

/** The provider's own refusal, in its own words, except where they are about the operator's key. */
async function refusedAnswer({ pool, log }: Calling, call: Call, upstream: UpstreamAnswer): Promise<Answer> {
  const body = await collect(upstream.body, MAX_ERROR_BYTES).catch((error: unknown) => {
    log.warn({ err: error, callId: call.id }, "the provider's refusal broke off");
    return Buffer.alloc(0);
  });
  await concludeCall(pool, call, { kind: "refused" });
  const { status, headers } = upstream;
  if (status === 401 || status === 403 || status < 400 || body.length === 0) {
    const cause = `${call.provider.name} answered ${status}`;
    log.warn(
      { callId: call.id, status, provider: call.provider.name },
      "the provider refused this installation",
    );
    throw new AppError(
      "upstream_failed",
      `${cause}. Ask the operator to check the provider's key and address.`,
    );
  }
  return { requestId: call.id, status, headers, streamed: false, body: only(body), cost: () => 0 };
}

async function wholeAnswer({ pool }: Calling, call: Call, upstream: UpstreamAnswer): Promise<Answer> {
  const { status, headers } = upstream;
  const meter = meterFor(headers["content-type"] ?? "");
  let body: Buffer;
  try {
    body = await collect(upstream.body);
    meter.feed(body);
  } catch (error) {
    await concludeCall(pool, call, { kind: "broken", reading: meter.read() });
    throw error;
  }
  const reading = meter.read();
  if (!reading.whole) {
    await concludeCall(pool, call, { kind: "broken", reading });
    throw new AppError("upstream_failed", "The provider's answer could not be read. Try again.");
  }
  const charged = await concludeCall(pool, call, { kind: "whole", reading, status, headers, body });
  return { requestId: call.id, status, headers, streamed: false, body: only(body), cost: () => charged };
}

function streamedAnswer(
  calling: Calling,
  call: Call,
  upstream: UpstreamAnswer,
  left: AbortSignal,
  done: () => void,
): Answer {
  let charged: number | null = null;
  const { status, headers } = upstream;
  const kept: Uint8Array[] | null = call.key === null ? null : [];

  async function* body(): AsyncGenerator<Uint8Array> {
    const meter = meterFor("text/event-stream");
    let end: "whole" | "broken" | "left" = "left";
    try {
      for await (const chunk of upstream.body) {
        meter.feed(chunk);
        kept?.push(chunk);
        yield chunk;
      }
      end = meter.read().whole ? "whole" : "broken";
    } catch (error) {
      end = left.aborted ? "left" : "broken";
      calling.log.info({ err: error, callId: call.id, end }, "a streamed answer broke off");
    } finally {
      // Also when the reader of this generator stops early: that is a caller who left.
      const ending = endingOf(end, meter, status, headers, kept);
      charged = await concludeCall(calling.pool, call, ending).finally(done);
    }
    if (end === "broken") yield* sayBroken(meter, call.id);
  }

  return { requestId: call.id, status, headers, streamed: true, body: body(), cost: () => charged };
}

function endingOf(
  end: "whole" | "broken" | "left",
  meter: Meter,
  status: number,
  headers: Record<string, string>,
  kept: Uint8Array[] | null,
): Ending {
  const reading = meter.read();
  if (end !== "whole") return { kind: end, reading };
  return { kind: "whole", reading, status, headers, body: kept && Buffer.concat(kept) };
}

/** Ends a broken stream as the wire ends one, where that can still be said; else the connection must say it. */
function* sayBroken(meter: Meter, requestId: string): Generator<Uint8Array> {
  const error = new AppError(
    "upstream_failed",
    "The answer broke off on the way. It is not charged; try again.",
  );
  const { betweenEvents, failed } = meter.read();
  if (failed) return;
  if (!betweenEvents) throw error;
  yield Buffer.from(`event: error\ndata: ${wireErrorBody(error, requestId)}\n\n`);
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** @throws AppError upstream_failed when there is more than `limit` bytes */
async function collect(body: AsyncIterable<Uint8Array>, limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new AppError("upstream_failed", "The provider's answer is too long.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
