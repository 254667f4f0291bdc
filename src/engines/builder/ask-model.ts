import type Anthropic from "@anthropic-ai/sdk";
import { AnthropicError } from "@anthropic-ai/sdk";
import { type Answer, AnswerCollector, brokenOff } from "#engines/builder/collect-answer.ts";
import { ANSWER_MOST, SILENCE_MS } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";
import { AppError } from "#platform/errors.ts";

export type Question = Pick<
  Anthropic.MessageCreateParamsStreaming,
  "model" | "max_tokens" | "system" | "messages" | "tools" | "tool_choice"
>;

/**
 * One streamed call. Says what it used; gives each piece of text as it comes to `onText`, in order.
 * @throws AppError unavailable when the model falls silent, upstream_failed when it declines, too_large
 */
export async function askModel(
  step: StepContext,
  question: Question,
  onText: (delta: string) => Promise<void> = async () => {},
): Promise<Answer> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const stream = await step.models.messages.create(
      { ...question, stream: true },
      { headers: step.callHeaders(), signal: AbortSignal.any([step.signal, silence.signal]) },
    );
    const collector = new AnswerCollector();
    for await (const event of eventsOf(stream)) {
      timer.refresh();
      collector.add(event);
      if (collector.size > ANSWER_MOST) throw answerTooLarge();
      if (event.type === "content_block_delta" && event.delta.type === "text_delta")
        await onText(event.delta.text);
    }
    const answer = collector.end();
    const { message } = answer;
    await sayUsage(step, message);
    if (message.stop_reason === "refusal")
      throw new AppError("upstream_failed", `${message.model} declined this request. Put it differently.`);
    return answer;
  } catch (error) {
    if (silence.signal.aborted) throw new AppError("unavailable", "The model fell silent.", { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

export function answerTooLarge(): AppError {
  return new AppError(
    "too_large",
    `The model's answer is longer than ${ANSWER_MOST} characters. Ask for smaller files.`,
  );
}

/** A connection that fails while an answer comes has broken it off, whatever it says of itself. */
async function* eventsOf(
  stream: AsyncIterable<Anthropic.RawMessageStreamEvent>,
): AsyncGenerator<Anthropic.RawMessageStreamEvent> {
  try {
    yield* stream;
  } catch (error) {
    throw error instanceof AnthropicError ? error : brokenOff(error);
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
