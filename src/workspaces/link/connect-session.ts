import http2, { type ClientHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { AppError } from "#platform/errors.ts";
import { EagerDuplex } from "#workspaces/link/eager-duplex.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** An HTTP/2 session over a raw duplex, kept alive by PING. @throws AppError unavailable */
export function connectSession(raw: Duplex): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = http2.connect("http://workspace", {
      settings: { initialWindowSize: TUNABLES.streamWindow, maxFrameSize: 64 * 1024, enablePush: false },
      maxSessionMemory: TUNABLES.linkMemoryMB,
      createConnection: () => new EagerDuplex(raw),
    });
    const deadline = setTimeout(() => {
      session.destroy();
      reject(new AppError("unavailable", "The workspace does not answer."));
    }, TUNABLES.dialMs);
    session.once("error", (cause) => {
      clearTimeout(deadline);
      reject(new AppError("unavailable", "The link to the workspace broke.", { cause }));
    });
    session.on("error", () => {
      // After the connect: each request on it hears of it by itself.
    });
    // The peer's first frame: a socket that nobody reads, or that speaks something else, stops here.
    session.once("remoteSettings", () => {
      clearTimeout(deadline);
      session.setLocalWindowSize(TUNABLES.linkWindow);
      keepAlive(session);
      resolve(session);
    });
    session.once("close", () => {
      clearTimeout(deadline);
      reject(new AppError("unavailable", "The link to the workspace broke."));
    });
  });
}

function keepAlive(session: ClientHttp2Session): void {
  const timer = setInterval(() => {
    const deadline = setTimeout(() => session.destroy(), TUNABLES.pingDeadlineMs);
    deadline.unref();
    const sent = session.ping(() => clearTimeout(deadline));
    if (!sent) clearTimeout(deadline);
  }, TUNABLES.pingMs);
  timer.unref();
  session.once("close", () => clearInterval(timer));
}
