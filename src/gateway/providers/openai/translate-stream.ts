import { createParser } from "eventsource-parser";
import { ChatAnswer, stopReason, type ToolCall, usageOf } from "./chat-answer.ts";

/** A stream of Chat Completions as the events of Messages, each as soon as its piece is there. */
export async function* translateStream(
  body: AsyncIterable<Uint8Array>,
  as: { id: string; model: string },
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  const out: string[] = [];
  const translation = new Translation(as, (type, fields) => {
    out.push(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  });
  const parser = createParser({ onEvent: ({ data }) => translation.take(data) });
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (out.length > 0) yield Buffer.from(out.splice(0).join(""));
  }
  // Some servers leave the last word out.
  translation.take("[DONE]");
  if (out.length > 0) yield Buffer.from(out.join(""));
}

type Emit = (type: string, fields: Record<string, unknown>) => void;

/** What has been said so far, block by block: Messages opens and closes each, Chat Completions does not. */
class Translation {
  #open: { index: number; tool: number | null } | null = null;
  #blocks = 0;
  #finish: string | null = null;
  #usage: ChatAnswer["usage"] = null;
  #over = false;
  readonly #emit: Emit;

  constructor(as: { id: string; model: string }, emit: Emit) {
    this.#emit = emit;
    const message = {
      ...as,
      type: "message",
      role: "assistant",
      content: [],
      stop_reason: null,
      stop_sequence: null,
    };
    emit("message_start", { message: { ...message, usage: { input_tokens: 0, output_tokens: 0 } } });
  }

  take(data: string): void {
    if (this.#over) return;
    if (data === "[DONE]") {
      this.#end();
      return;
    }
    const piece = read(data);
    if (!piece) return;
    if (piece.error) {
      this.#over = true;
      this.#emit("error", {
        error: { type: "api_error", message: piece.error.message ?? "The provider failed." },
      });
      return;
    }
    if (piece.usage) this.#usage = piece.usage;
    const [choice] = piece.choices;
    if (choice?.delta?.content) this.#text(choice.delta.content);
    for (const call of choice?.delta?.tool_calls ?? []) this.#tool(call);
    if (choice?.finish_reason) this.#finish = choice.finish_reason;
  }

  #text(text: string): void {
    if (this.#open?.tool !== null || !this.#open) this.#begin(null, { type: "text", text: "" });
    this.#delta({ type: "text_delta", text });
  }

  #tool(call: ToolCall): void {
    const which = call.index ?? 0;
    if (this.#open?.tool !== which || this.#open === null) {
      const id = call.id ?? `toolu_${this.#blocks}`;
      this.#begin(which, { type: "tool_use", id, name: call.function?.name ?? "", input: {} });
    }
    const json = call.function?.arguments;
    if (json) this.#delta({ type: "input_json_delta", partial_json: json });
  }

  #begin(tool: number | null, block: Record<string, unknown>): void {
    this.#close();
    this.#open = { index: this.#blocks, tool };
    this.#blocks += 1;
    this.#emit("content_block_start", { index: this.#open.index, content_block: block });
  }

  #delta(delta: Record<string, unknown>): void {
    this.#emit("content_block_delta", { index: this.#open?.index ?? 0, delta });
  }

  #close(): void {
    if (this.#open) this.#emit("content_block_stop", { index: this.#open.index });
    this.#open = null;
  }

  /** Without a reason to end, the stream broke off, and is left unfinished for the gateway to see. */
  #end(): void {
    this.#over = true;
    if (!this.#finish) return;
    this.#close();
    const usage = usageOf(this.#usage);
    const delta = { stop_reason: stopReason(this.#finish), stop_sequence: null };
    this.#emit("message_delta", { delta, ...(usage ? { usage } : {}) });
    this.#emit("message_stop", {});
  }
}

function read(data: string): ChatAnswer | null {
  try {
    return ChatAnswer.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    // Garbage between events; that the answer is not whole shows at its end.
    return null;
  }
}
