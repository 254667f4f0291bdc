import http2, { type ServerHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { EagerDuplex } from "#workspaces/link/eager-duplex.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** What the runner says to a workspace that asks for a way out: null lets it pass, words refuse it. */
const REASON = "This workspace has no network at all for now.";

/**
 * The second link: the workspace asks (CONNECT host:port), the runner decides. For now every way is closed; the
 * broker will open some of them here. Returns how to end it.
 */
export function serveReverse(raw: Duplex): () => void {
  const server = http2.createServer({
    settings: { initialWindowSize: TUNABLES.streamWindow, maxFrameSize: 64 * 1024 },
    maxSessionMemory: TUNABLES.linkMemoryMB,
  });
  const duplex = new EagerDuplex(raw);
  duplex.on("error", () => duplex.destroy());
  let session: ServerHttp2Session | null = null;
  server.on("sessionError", () => duplex.destroy());
  server.on("session", (opened) => {
    session = opened;
    opened.on("error", () => duplex.destroy());
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => stream.destroy());
    const isConnect = headers[":method"] === "CONNECT";
    stream.respond({ ":status": isConnect ? 403 : 405, "content-type": "application/json" });
    stream.end(JSON.stringify({ error: "egress_denied", authority: headers[":authority"], message: REASON }));
  });
  server.emit("connection", duplex);
  return () => {
    session?.destroy();
    duplex.destroy();
  };
}
