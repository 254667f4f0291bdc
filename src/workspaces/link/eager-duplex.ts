import { Duplex } from "node:stream";
import { TUNABLES } from "#workspaces/tunables.ts";

type Done = (error?: Error | null) => void;

/**
 * A duplex that says "written" at once. Node's http2 stops for good when both sides wait in a write with raised
 * windows; so ours never waits, and what can pile up is bounded by the peer's windows. Beyond the queue limit the
 * peer is broken or hostile and the link is dropped.
 */
export class EagerDuplex extends Duplex {
  readonly #inner: Duplex;

  constructor(inner: Duplex) {
    super();
    this.#inner = inner;
    inner.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) inner.pause();
    });
    inner.on("end", () => this.push(null));
    inner.on("error", (error) => this.destroy(error));
    inner.on("close", () => this.destroy());
    inner.pause();
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#inner.write(chunk);
    done(this.#overfull());
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.#inner.cork();
    for (const { chunk } of chunks) this.#inner.write(chunk);
    this.#inner.uncork();
    done(this.#overfull());
  }

  override _final(done: Done): void {
    this.#inner.end(done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#inner.destroy();
    done(error);
  }

  #overfull(): Error | null {
    if (this.#inner.writableLength <= TUNABLES.linkQueue) return null;
    return new Error("the workspace does not take what is sent to it");
  }
}
