import type Anthropic from "@anthropic-ai/sdk";
import { askModel, type Question } from "#engines/builder/ask-model.ts";
import type { StepContext } from "#engines/engine.ts";
import { AppError } from "#platform/errors.ts";

/** How often an answer that was cut off is asked to go on. */
const CONTINUATIONS = 12;

const GO_ON =
  "Your answer was cut off at the length limit. Go on exactly where it stops: begin with the very next character, repeat nothing, explain nothing.";

/**
 * The whole text of an answer, however often it was cut off at the token limit on the way.
 * @throws AppError upstream_failed when it never ends, or the model declines
 */
export async function askText(
  step: StepContext,
  question: Question,
  onText: (delta: string) => Promise<void>,
): Promise<string> {
  let text = "";
  for (let call = 0; call <= CONTINUATIONS; call += 1) {
    // Verbatim, blanks at its end included: only an answer that is left open at the very end may not have them.
    const messages: Anthropic.MessageParam[] =
      text.trim() === ""
        ? question.messages
        : [...question.messages, { role: "assistant", content: text }, { role: "user", content: GO_ON }];
    const message = await askModel(step, { ...question, messages }, onText);
    text += message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
    if (message.stop_reason === "end_turn" || message.stop_reason === "stop_sequence") return text;
    if (message.stop_reason !== "max_tokens") break;
    if (text.trim() !== "") continue;
    // The whole length went into thinking: asked once more, and not bought over and over.
    if (call > 0) break;
    text = "";
  }
  throw new AppError("upstream_failed", "The model did not bring the file to an end. Ask for smaller files.");
}
