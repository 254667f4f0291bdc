import type { IncomingMessage } from "node:http";
import { MAX_BODY_BYTES } from "#gateway/tunables.ts";
import { AppError } from "#platform/errors.ts";

/** @throws AppError too_large, unsupported_media_type, bad_request when the caller broke off */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new AppError("unsupported_media_type", "Send the body without content-encoding.");
  }
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > MAX_BODY_BYTES) throw tooLarge();
  // A body of known length is put where it belongs at once, and is in memory once.
  const whole = declared > 0 ? Buffer.allocUnsafe(declared) : null;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if (whole) chunk.copy(whole, size);
      else chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BODY_BYTES) throw tooLarge();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("bad_request", "The body broke off.", { cause: error });
  }
  return whole ?? Buffer.concat(chunks);
}

function tooLarge(): AppError {
  return new AppError("too_large", `The body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB.`);
}
