import type { z } from "zod";
import type { CountTokensRequest, MessagesRequest, WireBlock, WireTool } from "#gateway/messages-wire.ts";
import { notOffered, parseBody } from "#gateway/wires/parse-body.ts";

/**
 * What would reach another tenant's things on the operator's account, or leave the price book or the egress rules
 * behind. Refused until it is mapped to its owner and priced.
 */
const NOT_OFFERED = [
  "billing_policy",
  "compaction",
  "container",
  "fallback_credit_token",
  "fallbacks",
  "inference_geo",
  "mcp_servers",
  "thread",
  "user_profile_id",
  "workspace_id",
];

/** Tools of Anthropic's that the caller runs; every other kind that is not the caller's own runs at the provider. */
const CALLER_RUN_TOOLS = /^(bash|text_editor|computer|computer_toolset|browser_toolset|memory)_\d{8}$/;

/**
 * Reads a body of the wire. What is returned as bytes is what was checked, so that a key given twice cannot mean one
 * thing here and another to the provider.
 * @throws AppError bad_request
 */
export function checkRequest<S extends z.ZodType<MessagesRequest | CountTokensRequest>>(
  schema: S,
  raw: Buffer,
): { request: z.infer<S>; body: Buffer } {
  const request = parseBody(schema, raw);
  refuseNotOffered(request);
  return { request, body: Buffer.from(JSON.stringify(request)) };
}

/** Every block of a request, tool results' own blocks included. */
export function* blocksOf(request: CountTokensRequest): Generator<WireBlock> {
  if (Array.isArray(request.system)) yield* nested(request.system);
  for (const message of request.messages) {
    if (Array.isArray(message.content)) yield* nested(message.content);
  }
}

/** A tool that the wire itself describes, as against one that the caller describes. */
export function isTypedTool(tool: WireTool): boolean {
  return tool.type !== undefined && tool.type !== null && tool.type !== "custom";
}

function refuseNotOffered(request: Record<string, unknown> & CountTokensRequest): void {
  const field = NOT_OFFERED.find((name) => request[name] !== undefined && request[name] !== null);
  if (field) throw notOffered(`\`${field}\``);
  const { speed } = request;
  if (speed !== undefined && speed !== null && speed !== "standard") throw notOffered("`speed`");
  if (JSON.stringify(request.context_management ?? null).includes('"compact')) {
    throw notOffered("`context_management` with compaction");
  }
  const tool = request.tools?.find((candidate) => isTypedTool(candidate) && !callerRuns(candidate));
  if (tool) throw notOffered(`the tool type \`${tool.type}\``);
  for (const block of blocksOf(request)) refuseBlock(block);
}

function callerRuns(tool: WireTool): boolean {
  return CALLER_RUN_TOOLS.test(tool.type ?? "");
}

function refuseBlock(block: WireBlock): void {
  if (block.type === "container_upload") throw notOffered("`container_upload`");
  const kind = sourceOf(block);
  if (kind === "url" || kind === "file") throw notOffered(`a source of type \`${kind}\``);
}

function sourceOf(block: WireBlock): unknown {
  const { source } = block;
  return typeof source === "object" && source !== null && "type" in source ? source.type : undefined;
}

function* nested(blocks: readonly unknown[]): Generator<WireBlock> {
  for (const block of blocks) {
    if (!isBlock(block)) continue;
    yield block;
    if (Array.isArray(block.content)) yield* nested(block.content);
    // A document's own content may be blocks again.
    const { source } = block;
    if (typeof source === "object" && source !== null && "content" in source && Array.isArray(source.content))
      yield* nested(source.content);
  }
}

function isBlock(value: unknown): value is WireBlock {
  return typeof value === "object" && value !== null && "type" in value;
}
