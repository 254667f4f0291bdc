import type { DemoAnswer } from "#gateway/messages-wire.ts";
import { pieces } from "./pieces.ts";

interface As {
  id: string;
  model: string;
}

/** The demo model's answer as Chat Completions say it. */
export function wholeChat({ id, model }: As, answer: DemoAnswer): Record<string, unknown> {
  const calls = toolCalls(answer);
  return {
    id,
    object: "chat.completion",
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: textOf(answer) || null,
          refusal: null,
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        logprobs: null,
        finish_reason: finishOf(answer),
      },
    ],
    usage: usageOf(answer),
  };
}

export function* streamedChat({ id, model }: As, answer: DemoAnswer): Generator<string> {
  const chunk = (fields: Record<string, unknown>) =>
    `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created: 0, model, ...fields })}\n\n`;
  const choice = (delta: Record<string, unknown>, finish: string | null = null) =>
    chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], usage: null });
  yield choice({ role: "assistant", content: "" });
  for (const content of pieces(textOf(answer))) yield choice({ content });
  for (const [index, call] of toolCalls(answer).entries()) {
    const { name, arguments: json } = call.function;
    yield choice({ tool_calls: [{ index, ...call, function: { name, arguments: "" } }] });
    for (const piece of pieces(json))
      yield choice({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  yield choice({}, finishOf(answer));
  yield chunk({ choices: [], usage: usageOf(answer) });
  yield "data: [DONE]\n\n";
}

function textOf(answer: DemoAnswer): string {
  return answer.content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}

function toolCalls(answer: DemoAnswer) {
  return answer.content.flatMap((block) =>
    block.type === "tool_use"
      ? [
          {
            id: block.id,
            type: "function",
            function: { name: block.name, arguments: JSON.stringify(block.input) },
          },
        ]
      : [],
  );
}

function finishOf(answer: DemoAnswer): string {
  if (answer.stop_reason === "tool_use") return "tool_calls";
  return answer.stop_reason === "max_tokens" ? "length" : "stop";
}

function usageOf({ usage }: DemoAnswer): Record<string, unknown> {
  return {
    prompt_tokens: usage.input_tokens,
    completion_tokens: usage.output_tokens,
    total_tokens: usage.input_tokens + usage.output_tokens,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}
