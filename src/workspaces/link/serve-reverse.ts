import http2, { type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { EagerDuplex } from "#workspaces/link/eager-duplex.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/**
 * What answers a workspace that asks to be let out: CONNECT host:port, or a call to a service of the runner. Where it
 * throws or rejects, the asker is refused.
 */
export type ReverseDoor = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void | Promise<void>;

/** The door of a runner that lets nobody out. */
export const closedDoor: ReverseDoor = (stream) => {
  refuseStream(stream, 403, "This workspace has no network at all.");
};

export function refuseStream(
  stream: ServerHttp2Stream,
  status: number,
  error: string,
  more: Record<string, unknown> = {},
): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return void stream.close(8 /* CANCEL */);
  stream.respond({ ":status": status, "content-type": "application/json" });
  stream.end(JSON.stringify({ ...more, error }));
  // What is still being sent to us is not waited for.
  stream.resume();
  stream.once("finish", () => stream.close());
}

/**
 * The second link: the workspace asks, the runner decides. `onClose` is called once, when it broke. Returns how to
 * end it.
 */
export function serveReverse(raw: Duplex, door: ReverseDoor, onClose: () => void = () => {}): () => void {
  const server = http2.createServer({
    settings: {
      initialWindowSize: TUNABLES.reverseStreamWindow,
      maxFrameSize: 64 * 1024,
      maxConcurrentStreams: TUNABLES.egressConnections,
      maxHeaderListSize: 32 * 1024,
    },
    maxSessionMemory: TUNABLES.reverseMemoryMB,
    maxHeaderListPairs: 100,
  });
  const duplex = new EagerDuplex(raw);
  duplex.on("error", () => duplex.destroy());
  duplex.once("close", onClose);
  let session: ServerHttp2Session | null = null;
  server.on("sessionError", () => duplex.destroy());
  server.on("session", (opened) => {
    session = opened;
    opened.setLocalWindowSize(TUNABLES.linkWindow);
    opened.on("error", () => duplex.destroy());
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => stream.destroy());
    // No call of a workspace may end the runner, whatever it provokes.
    (async () => door(stream, headers))().catch(() => refuseStream(stream, 502, "The way out failed."));
  });
  server.emit("connection", duplex);
  return () => {
    session?.destroy();
    duplex.destroy();
  };
}
