import type { Answer } from "#gateway/calls/call.ts";

/**
 * An answer that is kept while it comes, so that any number of callers read it from its first byte, each at its own
 * pace, and none of them holds it up or ends it.
 */
export class Recording {
  readonly #chunks: Uint8Array[] = [];
  readonly #opened = Promise.withResolvers<Answer>();
  #ended = false;
  #failure: unknown = null;
  #change = Promise.withResolvers<void>();

  constructor() {
    // It may fail before anybody asks for it; each reader gets the failure when it does.
    this.#opened.promise.catch(() => {});
  }

  /** Reads an answer to its end, whoever listens. Never rejects: failures go to the readers. */
  async follow(source: Promise<Answer>): Promise<void> {
    try {
      const answer = await source;
      this.#opened.resolve(answer);
      for await (const chunk of answer.body) {
        this.#chunks.push(chunk);
        this.#wake();
      }
    } catch (error) {
      this.#failure = error ?? new Error("the answer failed");
      this.#opened.reject(this.#failure);
    } finally {
      this.#ended = true;
      this.#wake();
    }
  }

  /** @throws what the call failed with, when there is no answer */
  async answer(): Promise<Answer> {
    return { ...(await this.#opened.promise), body: this.#read() };
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    for (let next = 0; ; ) {
      const chunk = this.#chunks[next];
      if (chunk) {
        next += 1;
        yield chunk;
      } else if (this.#ended) {
        if (this.#failure) throw this.#failure;
        return;
      } else {
        await this.#change.promise;
      }
    }
  }

  #wake(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers<void>();
  }
}
