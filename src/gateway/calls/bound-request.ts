import { blocksOf, isTypedTool } from "#gateway/calls/check-request.ts";
import { fullLength, NO_PARTS, type Parts } from "#gateway/http/cut-body.ts";
import type { CountTokensRequest, WireBlock } from "#gateway/messages-wire.ts";

/**
 * What a prompt can hold that its bytes do not show. No token of a text is shorter than a byte, so the bytes of the
 * request bound its text; the rest is added by the provider, and these figures are above what its documentation names
 * (system prompt of tool use: up to about 700 tokens; an image: up to about 4,800; a typed tool: up to about 1,500).
 */
const BASE_TOKENS = 1_000;
const TOKENS_PER_MESSAGE = 16;
const TOKENS_PER_TOOL = 64;
const TOKENS_FOR_TOOLS = 1_000;
const TOKENS_PER_TYPED_TOOL = 5_000;
const TOKENS_PER_IMAGE = 6_000;

export interface PromptBound {
  /** tokens at most; Infinity where only the model's context bounds them */
  input: number;
  /** the dearest class that prompt tokens can fall into */
  cache: "none" | "5m" | "1h";
}

/** The most tokens that a request can be counted as, without asking anybody. */
export function boundRequest(
  request: CountTokensRequest,
  bytes: number,
  parts: Parts = NO_PARTS,
): PromptBound {
  const tools = request.tools ?? [];
  let input = bytes + BASE_TOKENS + request.messages.length * TOKENS_PER_MESSAGE;
  if (tools.length > 0) input += TOKENS_FOR_TOOLS;
  for (const tool of tools) input += isTypedTool(tool) ? TOKENS_PER_TYPED_TOOL : TOKENS_PER_TOOL;
  for (const block of blocksOf(request)) {
    // An image counts by its size in pixels; its bytes are no text.
    if (block.type === "image") input += TOKENS_PER_IMAGE - dataLength(block, parts);
    // A page of a PDF is a text and an image, and how many pages there are its bytes do not say.
    if (block.type === "document") input = Number.POSITIVE_INFINITY;
  }
  return { input, cache: cacheClass(request) };
}

function dataLength({ source }: WireBlock, parts: Parts): number {
  if (typeof source !== "object" || source === null || !("data" in source)) return 0;
  return typeof source.data === "string" ? fullLength(source.data, parts) : 0;
}

function cacheClass(request: CountTokensRequest): PromptBound["cache"] {
  let found: PromptBound["cache"] = "none";
  for (const holder of [request, ...(request.tools ?? []), ...blocksOf(request)]) {
    const control = (holder as Record<string, unknown>).cache_control;
    if (typeof control !== "object" || control === null) continue;
    if ("ttl" in control && control.ttl === "1h") return "1h";
    found = "5m";
  }
  return found;
}
