import http2, { type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import { Refusal } from "./refusal.ts";
import { SETTINGS } from "./settings.ts";

/**
 * The second link, roles turned: here the runner serves and the workspace asks to be let out. The runner decides;
 * this side only carries.
 */
export class ReverseLink {
  #session: ClientHttp2Session | null = null;
  #waiting: (() => void)[] = [];

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
    for (const wake of this.#waiting.splice(0)) wake();
  }

  get connected(): boolean {
    return this.#session !== null && !this.#session.destroyed && !this.#session.closed;
  }

  /** Asks the runner; waits a while for a link when there is none (a runner that comes back). @throws Refusal 503 */
  async ask(headers: OutgoingHttpHeaders, options: { endStream: boolean }): Promise<ClientHttp2Stream> {
    if (!this.connected) await this.#nextLink();
    const session = this.#session;
    if (!session || !this.connected) throw new Refusal(503, "This workspace has no link to the platform now");
    const stream = session.request(headers, options);
    stream.on("error", () => {
      // Its close follows and is what counts.
    });
    return stream;
  }

  #nextLink(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((each) => each !== wake);
        resolve();
      }, SETTINGS.linkWaitMs);
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.push(wake);
    });
  }
}
