/** Between two events of a stream. */
export const PIECE_MS = 20;

/** A stream of so many pieces, each different from every other, so that a lost or reordered one shows. */
export function* eventsOf(pieces: number): Generator<string> {
  const usage = { input_tokens: 900, output_tokens: 1 };
  const message = {
    id: "msg_bench",
    type: "message",
    role: "assistant",
    model: "claude-haiku-5-5",
    content: [],
  };
  yield event("message_start", { message: { ...message, stop_reason: null, usage } });
  yield event("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
  for (let n = 0; n < pieces; n += 1) {
    yield event("content_block_delta", { index: 0, delta: { type: "text_delta", text: `piece ${n}, ` } });
  }
  yield event("content_block_stop", { index: 0 });
  yield event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: pieces } });
  yield event("message_stop", {});
}

function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
