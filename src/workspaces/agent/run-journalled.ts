import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, isAppError } from "#platform/errors.ts";
import type { ProcessRequest } from "#workspaces/agent/process-request.ts";
import { readLines } from "#workspaces/agent/read-lines.ts";
import type { Connection } from "#workspaces/connection.ts";
import { abortError, answered, readRefusal } from "#workspaces/link/link.ts";
import { EventLine, readAnswer, readableText, Started } from "#workspaces/link/wire.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import { HANDOVER, type OutputPiece } from "#workspaces/workspace.ts";

type Exit = Extract<EventLine, { exit: unknown }>["exit"];

interface Job {
  connection: Connection;
  agentId: string;
  id: string;
  request: ProcessRequest;
  onOutput(piece: OutputPiece): void | Promise<void>;
  signal?: AbortSignal;
}

interface Progress {
  /** which start of the process the pieces are of; null before the first is known */
  start: number | null;
  /** of the last piece that was told */
  seq: number;
  bytes: number;
}

/** It ended with its workspace and was begun anew: what was told of it is over, and its pieces count from 1 again. */
class BegunAnew extends AppError {
  constructor() {
    super("unavailable", "The workspace ended in the middle of a process.");
  }
}

/**
 * Starts or joins a journalled process and follows its output to the end. A link that breaks on the way is dialled
 * again and the reading goes on behind the last piece: none is lost, none is told twice.
 * @throws AppError unavailable when it was begun anew after some of it was told: a second call hears it from its start
 */
export async function runJournalled(job: Job): Promise<Exit> {
  const progress: Progress = { start: null, seq: 0, bytes: 0 };
  for (let failures = 0; ; ) {
    const before = progress.seq;
    try {
      return await follow(job, progress);
    } catch (error) {
      if (job.signal?.aborted) return await leave(job, job.signal);
      if (!isAppError(error) || error.code !== "unavailable" || error instanceof BegunAnew) throw error;
      failures = progress.seq > before ? 0 : failures + 1;
      if (failures > TUNABLES.redials) throw error;
      await sleep(50 * 4 ** failures);
    }
  }
}

function pathOf(job: Job): string {
  // Ids hold slashes and any other character; a hash is a name that both sides can carry.
  const key = createHash("sha256").update(job.id).digest("hex").slice(0, 40);
  return `/v1/agents/${job.agentId}/processes/${key}`;
}

async function follow(job: Job, progress: Progress): Promise<Exit> {
  if (job.signal?.aborted) throw abortError(job.signal);
  const link = await job.connection.link();
  const body = JSON.stringify(job.request);
  const { start } = readAnswer(Started, await link.call({ method: "PUT", path: pathOf(job), body }));
  if (progress.seq > 0 && start !== progress.start) throw new BegunAnew();
  progress.start = start;
  const stream = await link.open({
    method: "GET",
    path: `${pathOf(job)}/events?after=${progress.seq}`,
    ...(job.signal ? { signal: job.signal } : {}),
  });
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    stream.close(8 /* CANCEL */);
  }, job.request.timeoutMs + TUNABLES.graceMs);
  try {
    const status = await answered(stream);
    if (status !== 200) throw await readRefusal(stream, status);
    const most = job.request.outputLimit * 2;
    for await (const line of readLines(stream, 4 * most + 1024 * 1024)) {
      const event = readAnswer(EventLine, line);
      if (event.seq !== progress.seq + 1)
        throw new AppError("upstream_failed", "The workspace lost a piece of output.");
      if ("exit" in event) {
        await acknowledge(job);
        return event.exit;
      }
      progress.seq = event.seq;
      progress.bytes += event.text.length;
      if (progress.bytes > most)
        throw new AppError("upstream_failed", "The workspace sent more output than was asked for.");
      await job.onOutput({ seq: event.seq, stream: event.stream, text: readableText(event.text) });
    }
    throw new AppError("unavailable", "The workspace stopped in the middle of a process.");
  } catch (error) {
    // The supervisor should have ended it long ago: asking again would only wait again.
    throw late
      ? new AppError("timeout", "The workspace did not end a process at its limit.", { cause: error })
      : error;
  } finally {
    clearTimeout(deadline);
    stream.close();
  }
}

async function acknowledge(job: Job): Promise<void> {
  const link = await job.connection.link();
  await link.call({ method: "POST", path: `${pathOf(job)}/ack`, body: "{}" }).catch((error: unknown) => {
    // Only spares disk in there; a journal that is not acknowledged goes later.
    if (!isAppError(error)) throw error;
  });
}

async function leave(job: Job, signal: AbortSignal): Promise<never> {
  if (signal.reason !== HANDOVER) {
    const link = await job.connection.link();
    await link.call({
      method: "POST",
      path: `${pathOf(job)}/signal`,
      body: JSON.stringify({ signal: "SIGKILL" }),
    });
  }
  throw abortError(signal);
}
