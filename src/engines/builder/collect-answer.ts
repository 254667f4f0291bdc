import type Anthropic from "@anthropic-ai/sdk";
import { AppError } from "#platform/errors.ts";

export interface Answer {
  message: Anthropic.Message;
  /** by block: the input of a tool call as it came, which may be half of it or no JSON at all */
  inputs: Map<number, string>;
}

/**
 * Puts a streamed answer together. Not by the SDK, which throws an answer away when the input of a call in it cannot
 * be read: what came is needed, to be continued or objected to.
 */
export class AnswerCollector {
  #message: Anthropic.Message | null = null;
  readonly #inputs = new Map<number, string>();
  #whole = false;
  /** UTF-16 units of what was said so far */
  size = 0;

  add(event: Anthropic.RawMessageStreamEvent): void {
    if (event.type === "message_start") this.#message = { ...event.message, content: [] };
    const message = this.#message;
    if (!message) return;
    if (event.type === "content_block_start") {
      if (event.index === message.content.length) message.content.push({ ...event.content_block });
    } else if (event.type === "content_block_delta") this.#extend(message, event);
    else if (event.type === "message_delta") {
      Object.assign(message, event.delta);
      message.usage = { ...message.usage, ...given(event.usage) };
    } else if (event.type === "message_stop") this.#whole = true;
  }

  #extend(message: Anthropic.Message, { index, delta }: Anthropic.RawContentBlockDeltaEvent): void {
    const block = message.content[index];
    if (delta.type === "text_delta" && block?.type === "text") {
      this.size += delta.text.length;
      block.text += delta.text;
    } else if (delta.type === "input_json_delta") {
      this.size += delta.partial_json.length;
      this.#inputs.set(index, (this.#inputs.get(index) ?? "") + delta.partial_json);
    } else if (delta.type === "thinking_delta" && block?.type === "thinking") {
      this.size += delta.thinking.length;
      block.thinking += delta.thinking;
    } else if (delta.type === "signature_delta" && block?.type === "thinking") {
      block.signature = delta.signature;
    }
  }

  /** @throws AppError unavailable when it broke off in its middle: asked again, it is whole */
  end(): Answer {
    if (!this.#message || !this.#whole) throw brokenOff();
    for (const [index, json] of this.#inputs) {
      const block = this.#message.content[index];
      if (block?.type === "tool_use") block.input = asObject(readJson(json));
    }
    return { message: this.#message, inputs: this.#inputs };
  }
}

export function brokenOff(cause?: unknown): AppError {
  return new AppError("unavailable", "The model's answer broke off in its middle.", { cause });
}

/** undefined: it is none, or nested so deep that it could not be written again */
export function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    JSON.stringify(value);
    return value;
  } catch {
    return undefined;
  }
}

/** The wire takes a call's input back as an object alone. */
function asObject(value: unknown): object {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** Later figures in place of earlier ones, where there are any. */
function given(usage: Anthropic.MessageDeltaUsage): Partial<Anthropic.Usage> {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value != null));
}
