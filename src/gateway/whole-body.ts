/** A body that is there from its first byte to its last: who knows takes its bytes, everybody else reads it. */
export class WholeBody implements AsyncIterable<Uint8Array> {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    yield this.bytes;
  }
}

/** All of a body in one piece. */
export async function wholeOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  if (body instanceof WholeBody) return body.bytes;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return joined(chunks);
}

/** The same bytes, copied only where there are several pieces. */
export function joined(chunks: Uint8Array[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && Buffer.isBuffer(first) ? first : Buffer.concat(chunks);
}
