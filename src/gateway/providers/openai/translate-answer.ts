import { AppError } from "#platform/errors.ts";
import { ChatAnswer, stopReason, type ToolCall, usageOf } from "./chat-answer.ts";

/**
 * A whole answer of Chat Completions as a message.
 * @throws AppError upstream_failed when it cannot be read
 */
export function translateAnswer(text: string, as: { id: string; model: string }): string {
  const answer = readAnswer(text);
  const [choice] = answer?.choices ?? [];
  if (!answer || !choice?.message) {
    throw new AppError("upstream_failed", "The provider's answer could not be read. Try again.");
  }
  const { content, tool_calls: calls } = choice.message;
  return JSON.stringify({
    ...as,
    type: "message",
    role: "assistant",
    content: [...(content ? [{ type: "text", text: content }] : []), ...(calls ?? []).map(toolUse)],
    stop_reason: stopReason(choice.finish_reason),
    stop_sequence: null,
    usage: usageOf(answer.usage),
  });
}

function readAnswer(text: string): ChatAnswer | undefined {
  try {
    return ChatAnswer.safeParse(JSON.parse(text)).data;
  } catch (error) {
    throw new AppError("upstream_failed", "The provider's answer could not be read. Try again.", {
      cause: error,
    });
  }
}

function toolUse(call: ToolCall, index: number): Record<string, unknown> {
  return {
    type: "tool_use",
    id: call.id ?? `toolu_${index}`,
    name: call.function?.name ?? "",
    input: argumentsOf(call.function?.arguments),
  };
}

function argumentsOf(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text || "{}");
  } catch (error) {
    throw new AppError(
      "upstream_failed",
      "The model called a tool with arguments that are no JSON. Try again.",
      {
        cause: error,
      },
    );
  }
}
