import { MAX_ERROR_BYTES } from "#gateway/tunables.ts";
import { joined } from "#gateway/whole-body.ts";
import { AppError } from "#platform/errors.ts";

/**
 * A refusal with the key taken out of it: a provider, or a proxy before it, may repeat what it was sent, and the caller
 * reads its words.
 * @throws AppError upstream_failed when it is too long to be a refusal
 */
export async function* withoutKey(
  refusal: AsyncIterable<Uint8Array>,
  key: string,
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of refusal) {
    size += chunk.length;
    if (size > MAX_ERROR_BYTES) throw new AppError("upstream_failed", "The provider's answer is too long.");
    chunks.push(chunk);
  }
  // Latin-1 keeps every byte what it was.
  yield Buffer.from(joined(chunks).toString("latin1").replaceAll(key, "[key]"), "latin1");
}
