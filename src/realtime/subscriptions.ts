import type { z } from "zod";
import type { Database } from "#platform/db.ts";
import { AppError, toAppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import type { EventHub } from "#realtime/event-hub.ts";
import { followRun } from "#realtime/follow-run.ts";
import { type Ack, type RunSocket, Subscribe, Unsubscribe } from "#realtime/messages.ts";

/** Runs that one socket may follow at once. */
const RUNS_PER_SOCKET = 50;

/** Answers run:subscribe and run:unsubscribe of one socket. @returns ends all that it follows */
export function serveSubscriptions(
  socket: RunSocket,
  userId: string,
  { db, hub, log }: { db: Database; hub: EventHub; log: Logger },
): () => void {
  const following = new Map<string, AbortController>();

  async function subscribe(payload: unknown): Promise<() => void> {
    const run = parse(Subscribe, payload);
    await requireRun(db, userId, run.runId);
    if (!following.has(run.runId) && following.size >= RUNS_PER_SOCKET) {
      throw new AppError("limit_reached", `A socket follows ${RUNS_PER_SOCKET} runs at most.`);
    }
    // Subscribing again starts from the new cursor.
    following.get(run.runId)?.abort();
    const stop = new AbortController();
    following.set(run.runId, stop);
    if (!socket.connected) stop.abort();
    return () =>
      followRun(hub, socket, run, stop.signal).catch((error: unknown) => {
        log.error({ err: error, runId: run.runId }, "a subscription failed; the client will come back");
        socket.disconnect(true);
      });
  }

  socket.on("run:subscribe", (payload: unknown, ack: unknown) => {
    subscribe(payload).then(
      (start) => {
        answer(ack, { ok: true });
        start();
      },
      (error: unknown) => answer(ack, refuse(error, log)),
    );
  });
  socket.on("run:unsubscribe", (payload: unknown, ack: unknown) => {
    const parsed = Unsubscribe.safeParse(payload);
    if (!parsed.success) {
      return answer(ack, { error: { code: "bad_request", detail: "give {runId}" } });
    }
    following.get(parsed.data.runId)?.abort();
    following.delete(parsed.data.runId);
    answer(ack, { ok: true });
  });
  return () => {
    for (const stop of following.values()) stop.abort();
    following.clear();
  };
}

function parse<S extends z.ZodType>(schema: S, payload: unknown): z.infer<S> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError("bad_request", `${issue?.path.join(".") || "payload"}: ${issue?.message}`);
}

async function requireRun(db: Database, userId: string, runId: string): Promise<void> {
  const { rowCount } = await db.pool.query({
    name: "require-run",
    text: "SELECT FROM runs WHERE id = $1 AND user_id = $2",
    values: [runId, userId],
  });
  if (rowCount === 0) throw new AppError("not_found", "There is no such run.");
}

function refuse(error: unknown, log: Logger): Ack {
  const { code, message, cause } = toAppError(error);
  if (code === "internal") log.error({ err: cause }, "a subscription could not be made");
  return { error: { code, detail: message } };
}

function answer(ack: unknown, value: Ack): void {
  if (typeof ack === "function") ack(value);
}
