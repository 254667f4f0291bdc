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
  return new Promise((resolve, reject) => {
    const broken = (cause?: unknown) => reject(new AppError("bad_request", "The body broke off.", { cause }));
    request.on("data", (chunk: Buffer) => {
      if (whole) chunk.copy(whole, size);
      else if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BODY_BYTES) reject(tooLarge());
    });
    request.on("end", () => resolve(whole ?? Buffer.concat(chunks)));
    request.on("error", broken);
  });
}

function tooLarge(): AppError {
  return new AppError("too_large", `The body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB.`);
}
