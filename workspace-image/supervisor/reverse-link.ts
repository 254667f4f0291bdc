import http2, { type ClientHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { SETTINGS } from "./settings.ts";

/**
 * The second link, roles turned: here the runner serves and the workspace asks (CONNECT host:port) to be let out.
 * The runner decides; the proxy on the loopback that carries programs' traffic here is the broker's part.
 */
export class ReverseLink {
  #session: ClientHttp2Session | null = null;

  /** A newer link takes the place of an older one. */
  accept(socket: Socket): void {
    const session = http2.connect("http://runner", {
      settings: { initialWindowSize: SETTINGS.streamWindow },
      createConnection: () => socket,
    });
    session.on("error", () => {
      // Its close follows and is what counts.
    });
    session.once("connect", () => session.setLocalWindowSize(SETTINGS.linkWindow));
    session.once("close", () => {
      if (this.#session === session) this.#session = null;
    });
    this.#session?.close();
    this.#session = session;
  }

  get connected(): boolean {
    return this.#session !== null && !this.#session.destroyed;
  }

  /** Asks the runner for a way to `authority` (host:port). Answers its status and, when refused, its reason. */
  ask(authority: string): Promise<{ status: number; reason: string }> {
    const session = this.#session;
    if (!session || session.destroyed)
      return Promise.resolve({ status: 503, reason: "no link to the platform" });
    return new Promise((resolve, reject) => {
      const stream = session.request({ ":method": "CONNECT", ":authority": authority }, { endStream: false });
      let status = 502;
      let reason = "";
      stream.once("response", (headers) => {
        status = Number(headers[":status"]);
      });
      stream.on("data", (chunk: Buffer) => {
        reason += chunk.toString();
      });
      stream.once("end", () => {
        stream.end();
        resolve({ status, reason });
      });
      stream.once("error", reject);
    });
  }
}
