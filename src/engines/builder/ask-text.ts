import type Anthropic from "@anthropic-ai/sdk";
import { answerTooLarge, askModel, type Question } from "#engines/builder/ask-model.ts";
import { markEnd } from "#engines/builder/caching.ts";
import { ANSWER_MOST, CONTINUATIONS } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";
import { AppError } from "#platform/errors.ts";

const GO_ON =
  "Your answer was cut off at the length limit. Go on exactly where it stops: begin with the very next character, repeat nothing, explain nothing.";

/**
 * The whole text of an answer, however often it was cut off at the token limit on the way.
 * @throws AppError upstream_failed when it never ends, or the model declines; too_large
 */
export async function askText(
  step: StepContext,
  question: Question,
  onText: (delta: string) => Promise<void>,
): Promise<string> {
  return carryOn(step, question, { said: "", goOn: GO_ON }, onText);
}

/** Takes a text that was begun to its end: `said` is what is there of it, `goOn` how the model is asked for the rest. */
export async function carryOn(
  step: StepContext,
  question: Question,
  begun: { said: string; goOn: string },
  onText: (delta: string) => Promise<void> = async () => {},
): Promise<string> {
  let text = begun.said;
  let fruitless = 0;
  for (let call = 0; call <= CONTINUATIONS; call += 1) {
    const { message } = await askModel(
      step,
      { ...question, messages: asking(call > 1 ? marked(question) : question, text, begun) },
      onText,
    );
    const more = message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
    // A beginning of blanks cannot be said again, so it was not: the answer is whole from its start.
    text = isBlank(text) ? more : text + more;
    if (text.length > ANSWER_MOST) throw answerTooLarge();
    if (message.stop_reason === "end_turn" || message.stop_reason === "stop_sequence") return text;
    if (message.stop_reason !== "max_tokens") break;
    // The whole length went into thinking: asked once more, and not bought over and over.
    if (more === "" || isBlank(text)) fruitless += 1;
    if (fruitless > 1) break;
  }
  throw new AppError(
    "upstream_failed",
    "The model did not bring its answer to an end. Ask for smaller files.",
  );
}

// Sent again with every continuation. That there is a third is likely where there was a second, and not before.
function marked(question: Question): Question {
  return { ...question, messages: markEnd(question.messages) };
}

// Verbatim, blanks at its end included: only an answer that is left open at the very end may not have them.
function asking(question: Question, text: string, { goOn }: { goOn: string }): Anthropic.MessageParam[] {
  if (isBlank(text)) return question.messages;
  return [...question.messages, { role: "assistant", content: text }, { role: "user", content: goOn }];
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
