import type { Identity } from "#accounts/authorise.ts";
import type { ApiParts } from "#api/api-parts.ts";
import { AppError } from "#platform/errors.ts";

/** A comment this often keeps proxies from closing a quiet stream. Milliseconds. */
const HEARTBEAT_MS = 15_000;

/** Streams that one user may hold open on this node. */
const STREAMS_PER_USER = 100;

const open = new Map<string, number>();

export function wantsStream(request: Request): boolean {
  return (request.headers.get("accept") ?? "").includes("text/event-stream");
}

/**
 * A run's events as Server-Sent Events, for as long as the client stays. Pulled: the log is read on when the client
 * has taken what was sent, so a slow client holds one page.
 */
export function streamEvents(
  parts: ApiParts,
  identity: Identity,
  request: Request,
  run: { runId: string; after: number },
): Response {
  const after = Math.max(run.after, lastEventId(request));
  const count = open.get(identity.userId) ?? 0;
  if (count >= STREAMS_PER_USER) {
    throw new AppError("rate_limited", `You have ${STREAMS_PER_USER} streams open. Close some.`);
  }
  open.set(identity.userId, count + 1);

  const stop = new AbortController();
  const end = () => stop.abort();
  const stopWatching = parts.access.watch(identity, end);
  request.signal.addEventListener("abort", end);
  stop.signal.addEventListener("abort", () => {
    stopWatching();
    release(identity.userId);
  });
  return new Response(eventStream(parts, run.runId, after, stop), {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // no-transform: a compressing layer would hold events back
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

function eventStream(
  { hub, log }: ApiParts,
  runId: string,
  after: number,
  stop: AbortController,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pages = hub.follow(runId, after, stop.signal);
  let heartbeat: NodeJS.Timeout;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encoder.encode(": connected\n\n"));
        heartbeat = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(": still here\n\n"));
        }, HEARTBEAT_MS);
        stop.signal.addEventListener("abort", () => clearInterval(heartbeat));
      },
      async pull(controller) {
        const page = await pages.next();
        if (page.done) {
          stop.abort();
          return controller.close();
        }
        const text = page.value.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
        controller.enqueue(encoder.encode(text.join("")));
      },
      cancel() {
        stop.abort();
        pages.return(undefined).catch((error: unknown) => log.warn({ err: error }, "a stream ended badly"));
      },
    },
    { highWaterMark: 1 },
  );
}

function lastEventId(request: Request): number {
  const given = request.headers.get("last-event-id");
  return given !== null && /^\d{1,9}$/.test(given) ? Number(given) : 0;
}

function release(userId: string): void {
  const left = (open.get(userId) ?? 1) - 1;
  if (left > 0) open.set(userId, left);
  else open.delete(userId);
}
