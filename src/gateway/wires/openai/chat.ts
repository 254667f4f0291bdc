import { z } from "zod";
import { fullBytes } from "#gateway/http/cut-body.ts";
import { LEAST_OUTPUT_TOKENS } from "#gateway/tunables.ts";
import { parseBody } from "../parse-body.ts";
import type { Wire } from "../wire.ts";
import { boundOpenai } from "./bound-openai.ts";
import { chatMeter } from "./chat-meter.ts";
import { openaiErrorBody } from "./openai-error.ts";
import { refuseForeign } from "./refuse-foreign.ts";

const limit = z.int().min(1).max(1_000_000).nullish();

/** The body of `POST /v1/chat/completions`, as far as the gateway looks into it (source: OpenAI API reference, Chat). */
export const ChatRequest = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(z.looseObject({ role: z.string() })).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({}).nullish(),
  max_tokens: limit,
  max_completion_tokens: limit,
  n: z.int().min(1).max(16).nullish(),
  modalities: z.array(z.literal("text")).nullish(),
  tools: z.array(z.looseObject({ type: z.string() })).nullish(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** OpenAI's Chat Completions. */
export const chatWire: Wire = {
  name: "chat",
  read({ text, parts }) {
    const asked = parseBody(ChatRequest, text);
    refuseForeign(asked, asked.messages);
    const stream = asked.stream === true;
    // Kept nowhere; and the last piece of a stream must say its usage.
    const options = stream ? { stream_options: { ...asked.stream_options, include_usage: true } } : {};
    const value = { ...asked, store: false, ...options };
    const body = Buffer.from(JSON.stringify(value));
    const each = asked.max_completion_tokens ?? asked.max_tokens ?? null;
    return {
      wire: "chat",
      model: asked.model,
      stream,
      value,
      body,
      parts,
      bound: boundOpenai(asked, asked.messages, { bytes: fullBytes(body, parts), parts }),
      maxOutput: each === null ? null : each * (asked.n ?? 1),
      leastOutput: LEAST_OUTPUT_TOKENS * (asked.n ?? 1),
      characters: 0,
    };
  },
  limitOutput(request, tokens) {
    const { max_tokens: older, n } = request.value as ChatRequest;
    const each = Math.floor(tokens / (n ?? 1));
    // Servers that are not OpenAI's may know the older name alone, and reasoning models the newer one alone.
    return older == null ? { max_completion_tokens: each } : { max_tokens: each };
  },
  meter: chatMeter,
  errorBody: openaiErrorBody,
  errorEvent: (error) => `data: ${openaiErrorBody(error)}\n\n`,
};
