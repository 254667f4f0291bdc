import type { PromptBound } from "#gateway/calls/bound-request.ts";
import { fullLength, type Parts } from "#gateway/http/cut-body.ts";
import { imageUrlOf } from "./refuse-foreign.ts";

/**
 * What a prompt can hold that its bytes do not show, on OpenAI's wires. No token of a text is shorter than a byte.
 * An image counts up to about 48,000 tokens (OpenAI's guide to images: 2,833 and 5,667 for each of eight tiles, the
 * dearest of its models); the rest is above what its documentation names.
 */
const BASE_TOKENS = 1_000;
const TOKENS_PER_ITEM = 16;
const TOKENS_PER_TOOL = 64;
const TOKENS_PER_IMAGE = 50_000;

/** The most tokens that a request can be counted as; `items` are its messages, or its input items. */
export function boundOpenai(
  request: Record<string, unknown>,
  items: unknown,
  { bytes, parts }: { bytes: number; parts: Parts },
): PromptBound {
  const tools = Array.isArray(request.tools) ? request.tools.length : 0;
  const count = Array.isArray(items) ? items.length : 1;
  const hidden = hiddenTokens(items, parts);
  // A prompt is cached by the provider's own choice; where writing that costs more, it may fall on every token.
  return {
    input: bytes + BASE_TOKENS + count * TOKENS_PER_ITEM + tools * TOKENS_PER_TOOL + hidden,
    cache: "5m",
  };
}

/** Beyond the bytes; an image's own bytes are no text, and are taken off. */
function hiddenTokens(value: unknown, parts: Parts): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + hiddenTokens(item, parts), 0);
  if (typeof value !== "object" || value === null) return 0;
  const part = value as Record<string, unknown>;
  const image = imageUrlOf(part);
  if (image !== undefined) return TOKENS_PER_IMAGE - fullLength(image, parts);
  // A page of a PDF is a text and an image, and how many pages there are its bytes do not say.
  if (part.file_data !== undefined) return Number.POSITIVE_INFINITY;
  return Object.values(part).reduce(
    (sum: number, inner) => sum + (typeof inner === "object" ? hiddenTokens(inner, parts) : 0),
    0,
  );
}
