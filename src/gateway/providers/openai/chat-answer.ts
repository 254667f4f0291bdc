import { z } from "zod";

const count = z.number().int().nonnegative().nullish();

const ToolCall = z.looseObject({
  index: z.number().int().nullish(),
  id: z.string().nullish(),
  function: z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});
export type ToolCall = z.infer<typeof ToolCall>;

const Said = z.looseObject({
  content: z.string().nullish(),
  tool_calls: z.array(ToolCall).nullish(),
});

const Usage = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.looseObject({ cached_tokens: count }).nullish(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: count }).nullish(),
});

/** An answer of Chat Completions, whole or one piece of it, as far as the translation reads it. */
export const ChatAnswer = z.looseObject({
  choices: z
    .array(
      z.looseObject({ message: Said.nullish(), delta: Said.nullish(), finish_reason: z.string().nullish() }),
    )
    .default([]),
  usage: Usage.nullish(),
  error: z.looseObject({ message: z.string().nullish() }).nullish(),
});
export type ChatAnswer = z.infer<typeof ChatAnswer>;

/** Why it ended, in the words of Messages. */
export function stopReason(finish: string | null | undefined): string {
  if (finish === "length") return "max_tokens";
  if (finish === "tool_calls" || finish === "function_call") return "tool_use";
  return finish === "content_filter" ? "refusal" : "end_turn";
}

/** Usage in the words of Messages, where cached tokens are no part of the input's. */
export function usageOf(usage: ChatAnswer["usage"]): Record<string, unknown> | undefined {
  if (usage?.prompt_tokens == null) return undefined;
  const cached = Math.min(usage.prompt_tokens, usage.prompt_tokens_details?.cached_tokens ?? 0);
  return {
    input_tokens: usage.prompt_tokens - cached,
    output_tokens: usage.completion_tokens ?? 0,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: 0,
    output_tokens_details: { thinking_tokens: usage.completion_tokens_details?.reasoning_tokens ?? 0 },
  };
}
