import type { Answer } from "#gateway/calls/call.ts";
import type { Ending } from "#gateway/calls/conclude-call.ts";
import { type Conclude, headersFor } from "#gateway/calls/concluding.ts";
import type { Meter } from "#gateway/calls/meter.ts";
import type { OpenedCall } from "#gateway/calls/open-call.ts";
import type { Calling } from "#gateway/calls/perform-call.ts";
import type { Wire } from "#gateway/wires/wire.ts";
import { AppError } from "#platform/errors.ts";

/** An answer that goes on as it comes, and is metered on the way. */
export function streamedAnswer(
  calling: Calling,
  { held, upstream }: OpenedCall,
  { conclude, left }: { conclude: Conclude; left: AbortSignal },
): Answer {
  let charged: number | null = null;
  const { status } = upstream;
  const headers = headersFor(held, upstream.headers);
  const kept: Uint8Array[] | null = held.key === null && !held.kept ? null : [];

  async function* body(): AsyncGenerator<Uint8Array> {
    const meter = held.wire.meter(headers["content-type"] ?? "", held.request);
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
      calling.log.info({ err: error, callId: held.id, end }, "a streamed answer broke off");
    } finally {
      // Also when the reader of this generator stops early: that is a caller who left.
      charged = await conclude(endingOf(end, meter, status, headers, kept));
    }
    if (end === "broken") yield* sayBroken(held.wire, meter, held.id);
  }

  return { requestId: held.id, status, headers, streamed: true, body: body(), cost: () => charged };
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
function* sayBroken(wire: Wire, meter: Meter, requestId: string): Generator<Uint8Array> {
  const error = new AppError(
    "upstream_failed",
    "The answer broke off on the way. It is not charged; try again.",
  );
  const { betweenEvents, failed } = meter.read();
  if (failed) return;
  const event = betweenEvents ? wire.errorEvent(error, requestId) : null;
  if (event === null) throw error;
  yield Buffer.from(event);
}
