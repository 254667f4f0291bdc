import type { ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { TUNABLES } from "#workspaces/tunables.ts";

/**
 * Carries bytes both ways at the pace of the slower side: what is not taken is not read. The end of one way leaves the
 * other open. Resolves when both are closed.
 */
export function carry(stream: ServerHttp2Stream, socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.setTimeout(TUNABLES.egressIdleMs, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    stream.pipe(socket);
    socket.pipe(stream);
    stream.once("close", () => socket.destroy());
    socket.once("close", () => {
      // Cut, not ended: half an answer must not look like a whole one.
      if (!socket.readableEnded) stream.close(8 /* CANCEL */);
      else if (!stream.writableFinished) stream.once("finish", () => stream.close());
      else stream.close();
      resolve();
    });
  });
}
