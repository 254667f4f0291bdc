import { Duplex } from "node:stream";

type Done = (error?: Error | null) => void;

const HEADER = 8;
const STDOUT = 1;
const STDERR = 2;

/**
 * An engine's exec stream as a clean duplex. The engine sends frames (one byte of stream, three of nothing, four of
 * length, then as many bytes): standard output comes out here, standard error is kept for whoever asks why it ended.
 * Whoever does not read stops the engine from sending, and the other way round.
 */
export class ExecDuplex extends Duplex {
  readonly #raw: Duplex;
  readonly #header = Buffer.alloc(HEADER);
  #headerBytes = 0;
  #left = 0;
  #stream = STDOUT;
  /** the last it said on standard error */
  lastWords = "";

  constructor(raw: Duplex) {
    super({ readableHighWaterMark: 256 * 1024, writableHighWaterMark: 256 * 1024 });
    this.#raw = raw;
    raw.on("data", (chunk: Buffer) => {
      if (!this.#take(chunk)) raw.pause();
    });
    raw.on("end", () => this.push(null));
    raw.on("error", (error) => this.destroy(error));
    raw.on("close", () => this.destroy());
    raw.pause();
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#raw.write(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    const last = chunks.length - 1;
    this.#raw.cork();
    for (const [index, { chunk }] of chunks.entries()) {
      if (index === last) this.#raw.write(chunk, done);
      else this.#raw.write(chunk);
    }
    this.#raw.uncork();
  }

  override _final(done: Done): void {
    this.#raw.end(done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#raw.destroy();
    done(error);
  }

  /** false: enough for now. A chunk may hold the end of one frame, some whole ones and the beginning of another. */
  #take(chunk: Buffer): boolean {
    let more = true;
    for (let at = 0; at < chunk.length; ) {
      if (this.#left === 0) {
        const bytes = chunk.copy(this.#header, this.#headerBytes, at, at + HEADER - this.#headerBytes);
        at += bytes;
        this.#headerBytes += bytes;
        if (this.#headerBytes === HEADER && !this.#beginFrame()) return false;
        continue;
      }
      const piece = chunk.subarray(at, at + this.#left);
      at += piece.length;
      this.#left -= piece.length;
      if (this.#stream === STDOUT) more = this.push(piece);
      else this.lastWords = (this.lastWords + piece.toString()).slice(-500);
    }
    return more;
  }

  #beginFrame(): boolean {
    this.#stream = this.#header[0] as number;
    this.#left = this.#header.readUInt32BE(4);
    this.#headerBytes = 0;
    if (this.#stream === STDOUT || this.#stream === STDERR) return true;
    this.destroy(new Error("the engine's stream holds something that is no frame"));
    return false;
  }
}
