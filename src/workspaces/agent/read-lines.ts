import type { Readable } from "node:stream";
import { AppError } from "#platform/errors.ts";
import { brokenError } from "#workspaces/link/link.ts";

const NEWLINE = 10;

/** The lines of a stream, without their ends. @throws AppError too_large for one longer than `most` bytes */
export async function* readLines(stream: Readable, most: number): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, end)]);
        rest = [];
        size = 0;
        from = end + 1;
      }
      rest.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > most) throw new AppError("too_large", "The workspace sent a line without an end.");
    }
  } catch (error) {
    throw error instanceof AppError ? error : brokenError(error);
  }
}
