import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { pipeline } from "node:stream/promises";

export interface Sent {
  content: AsyncIterable<Buffer> | Buffer[];
  size: number;
  etag: string | null;
  contentType: string;
}

/** Answers bytes sent: none where the asker has the same already. */
export async function sendDocument(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { content, size, etag, contentType }: Sent,
): Promise<number> {
  const tag = etag === null ? {} : { etag };
  if (etag !== null && headers["if-none-match"] === etag) {
    stream.respond({ ":status": 304, ...tag }, { endStream: true });
    return 0;
  }
  stream.respond({ ":status": 200, "content-type": contentType, "content-length": size, ...tag });
  await pipeline(content, stream);
  return size;
}
