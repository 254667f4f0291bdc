import { z } from "zod";

/**
 * Anthropic's Messages wire, as far as the gateway and the demo model look into it (source: Anthropic API reference,
 * Messages, version 2023-06-01). What is not named here is not checked, and goes to Anthropic as it came.
 */

/** Any block of a message or of a system prompt; the fields that a known `type` carries are optional here. */
export const WireBlock = z
  .looseObject({
    type: z.string().max(100),
    text: z.string().optional(),
    /** tool_use */
    id: z.string().optional(),
    name: z.string().optional(),
    input: z.unknown().optional(),
    /** tool_result */
    tool_use_id: z.string().optional(),
    content: z.unknown().optional(),
    is_error: z.boolean().nullish(),
  })
  .refine((block) => block.type !== "text" || block.text !== undefined, "a text block needs `text`")
  .refine(
    (block) => block.type !== "tool_use" || (block.id !== undefined && block.name !== undefined),
    "a tool_use block needs `id` and `name`",
  )
  .refine(
    (block) => block.type !== "tool_result" || block.tool_use_id !== undefined,
    "a tool_result block needs `tool_use_id`",
  );
export type WireBlock = z.infer<typeof WireBlock>;

export const WireMessage = z.looseObject({
  role: z.enum(["user", "assistant", "system"]),
  content: z.union([z.string(), z.array(WireBlock)]),
});
export type WireMessage = z.infer<typeof WireMessage>;

export const WireTool = z.looseObject({
  name: z.string().optional(),
  /** absent or "custom": the caller's own tool; anything else runs on the provider's side */
  type: z.string().nullish(),
  description: z.string().optional(),
  input_schema: z.looseObject({}).optional(),
});
export type WireTool = z.infer<typeof WireTool>;

export const ToolChoice = z.looseObject({
  /** auto | any | tool | none */
  type: z.string(),
  /** with type "tool" */
  name: z.string().optional(),
});
export type ToolChoice = z.infer<typeof ToolChoice>;

const Prompt = {
  model: z.string().min(1).max(200),
  messages: z.array(WireMessage).min(1),
  system: z.union([z.string(), z.array(WireBlock)]).nullish(),
  tools: z.array(WireTool).nullish(),
  tool_choice: ToolChoice.nullish(),
};

/** The body of `POST /v1/messages`. */
export const MessagesRequest = z.looseObject({
  ...Prompt,
  /** the limit is ours, above any model's own, so that sums stay exact */
  max_tokens: z.int().min(1).max(1_000_000),
  stream: z.boolean().nullish(),
  stop_sequences: z.array(z.string()).nullish(),
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;

/** The body of `POST /v1/messages/count_tokens`. */
export const CountTokensRequest = z.looseObject(Prompt);
export type CountTokensRequest = z.infer<typeof CountTokensRequest>;

/** Tokens as the wire counts them: the classes are apart, `input_tokens` does not contain the cached ones. */
export interface WireUsage {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
}

export type AnswerBlock =
  | { type: "text"; text: string }
  | { type: "tool_use"; id: string; name: string; input: Record<string, unknown> };

/** What the demo model answers; the gateway puts it on the wire, streamed or whole. */
export interface DemoAnswer {
  content: AnswerBlock[];
  stop_reason: "end_turn" | "max_tokens" | "stop_sequence" | "tool_use";
  stop_sequence?: string | null;
  usage: WireUsage;
}
