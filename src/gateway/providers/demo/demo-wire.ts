import type { AnswerBlock, DemoAnswer } from "#gateway/messages-wire.ts";
import { pieces } from "./wires/pieces.ts";

/** The demo model's answer as the one JSON object of the Messages wire. */
export function wholeMessage(id: string, model: string, answer: DemoAnswer): Record<string, unknown> {
  return {
    id,
    type: "message",
    role: "assistant",
    model,
    content: answer.content,
    stop_reason: answer.stop_reason,
    stop_sequence: answer.stop_sequence ?? null,
    usage: usageOf(answer),
  };
}

/** The same as server-sent events, one piece for each. */
export function* streamedMessage(id: string, model: string, answer: DemoAnswer): Generator<string> {
  yield event("message_start", {
    message: {
      ...wholeMessage(id, model, answer),
      content: [],
      stop_reason: null,
      usage: { ...usageOf(answer), output_tokens: 1 },
    },
  });
  for (const [index, block] of answer.content.entries()) {
    yield event("content_block_start", { index, content_block: emptied(block) });
    for (const delta of deltas(block)) yield event("content_block_delta", { index, delta });
    yield event("content_block_stop", { index });
  }
  yield event("message_delta", {
    delta: { stop_reason: answer.stop_reason, stop_sequence: answer.stop_sequence ?? null },
    usage: { output_tokens: answer.usage.output_tokens },
  });
  yield event("message_stop", {});
}

function event(type: string, fields: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function usageOf(answer: DemoAnswer): Record<string, unknown> {
  return {
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    ...answer.usage,
    service_tier: "standard",
  };
}

function emptied(block: AnswerBlock): Record<string, unknown> {
  return block.type === "text" ? { ...block, text: "" } : { ...block, input: {} };
}

function deltas(block: AnswerBlock): Record<string, unknown>[] {
  if (block.type === "text") return pieces(block.text).map((text) => ({ type: "text_delta", text }));
  const json = JSON.stringify(block.input);
  return pieces(json).map((partial) => ({ type: "input_json_delta", partial_json: partial }));
}
