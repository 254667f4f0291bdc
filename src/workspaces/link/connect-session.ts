import http2, { type ClientHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { AppError } from "#platform/errors.ts";
import { EagerDuplex } from "#workspaces/link/eager-duplex.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

export interface Connected {
  session: ClientHttp2Session;
  keepAlive: KeepAlive;
}

/** An HTTP/2 session over a raw duplex, kept alive by PING. @throws AppError unavailable */
export function connectSession(raw: Duplex): Promise<Connected> {
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
      const keepAlive = new KeepAlive(session);
      keepAlive.resume();
      resolve({ session, keepAlive });
    });
    session.once("close", () => {
      clearTimeout(deadline);
      reject(new AppError("unavailable", "The link to the workspace broke."));
    });
  });
}

/** Drops a session whose other side answers no PING. Suspended while that side is frozen and cannot. */
export class KeepAlive {
  readonly #session: ClientHttp2Session;
  #timer: NodeJS.Timeout | undefined;
  #deadlines = new Set<NodeJS.Timeout>();

  constructor(session: ClientHttp2Session) {
    this.#session = session;
    session.once("close", () => this.suspend());
  }

  resume(): void {
    clearInterval(this.#timer);
    if (this.#session.destroyed) return;
    this.#timer = setInterval(() => this.#ping(), TUNABLES.pingMs).unref();
  }

  suspend(): void {
    clearInterval(this.#timer);
    for (const deadline of this.#deadlines) clearTimeout(deadline);
    this.#deadlines.clear();
  }

  #ping(): void {
    // Destroyed, and its "close" not yet told: a PING would throw into the timer and end the process.
    if (this.#session.destroyed) {
      this.suspend();
      return;
    }
    const deadline = setTimeout(() => this.#session.destroy(), TUNABLES.pingDeadlineMs).unref();
    this.#deadlines.add(deadline);
    const answered = () => {
      clearTimeout(deadline);
      this.#deadlines.delete(deadline);
    };
    if (!this.#session.ping(answered)) answered();
  }
}
