import type Anthropic from "@anthropic-ai/sdk";
import type { StepContext } from "#engines/engine.ts";
import { AppError } from "#platform/errors.ts";

/**
 * A call that says nothing for this long is given up. Milliseconds. A model may think for minutes without a word, and
 * the pings that it sends meanwhile are not seen here.
 */
const SILENCE_MS = 300_000;

export type Question = Pick<
  Anthropic.MessageStreamParams,
  "model" | "max_tokens" | "system" | "messages" | "tools" | "tool_choice"
>;

/**
 * One streamed call. Says what it used; gives each piece of text as it comes to `onText`, in order.
 * @throws AppError unavailable when the model falls silent, upstream_failed when it declines
 */
export async function askModel(
  step: StepContext,
  question: Question,
  onText: (delta: string) => Promise<void> = async () => {},
): Promise<Anthropic.Message> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const stream = step.models.messages.stream(question, {
      headers: step.callHeaders(),
      signal: AbortSignal.any([step.signal, silence.signal]),
    });
    for await (const event of stream) {
      timer.refresh();
      if (event.type === "content_block_delta" && event.delta.type === "text_delta")
        await onText(event.delta.text);
    }
    const message = await stream.finalMessage();
    await sayUsage(step, message);
    if (message.stop_reason === "refusal")
      throw new AppError("upstream_failed", `${message.model} declined this request. Put it differently.`);
    return message;
  } catch (error) {
    if (silence.signal.aborted) throw new AppError("unavailable", "The model fell silent.", { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function sayUsage(step: StepContext, { model, usage }: Anthropic.Message): Promise<void> {
  const cached = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
  await step.say({
    type: "usage_update",
    model,
    inputTokens: usage.input_tokens + cached,
    outputTokens: usage.output_tokens,
    costMicroUsd: await step.lastCallCost(),
  });
}
