import { AppError } from "#platform/errors.ts";

/** Bytes of a JSON body. */
export const BODY_BYTES = 1024 * 1024;

/**
 * A JSON body, at most 1 MiB, in valid UTF-8. What is too large is refused by its announced length, or as soon as it
 * is seen to be; the rest is not kept.
 * @throws AppError unsupported_media_type, too_large, bad_request
 */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type)) {
    throw new AppError("unsupported_media_type", "Send JSON, as content-type application/json.");
  }
  const bytes = await readBytes(request, BODY_BYTES);
  const text = decode(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError("bad_request", "The body is not valid JSON.", { cause: error });
  }
}

/** @throws AppError too_large */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = () => new AppError("too_large", `The body is larger than ${limit} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of limited(request.body, limit)) {
    chunks.push(chunk);
    size += chunk.byteLength;
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}

/**
 * The same bytes, as long as there are no more than `limit`. What is left then is not cancelled: the web server lets
 * the sender finish, so that it reads the answer.
 * @throws AppError too_large on the way
 */
export async function* limited(
  body: ReadableStream<Uint8Array>,
  limit: number,
): AsyncGenerator<Uint8Array, void> {
  let size = 0;
  for await (const chunk of body.values({ preventCancel: true })) {
    size += chunk.byteLength;
    if (size > limit) throw new AppError("too_large", `The body is larger than ${limit} bytes.`);
    yield chunk;
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError("bad_request", "The body is not valid UTF-8.", { cause: error });
  }
}
