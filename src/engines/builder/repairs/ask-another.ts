import { NotFoundError } from "@anthropic-ai/sdk";
import type { Question } from "#engines/builder/ask-model.ts";
import { askTool, type Form } from "#engines/builder/ask-tool.ts";
import type { StepContext } from "#engines/engine.ts";

/** The role of who repairs what others could not; the gateway knows which model plays it, if one does. */
const HARD_REPAIRS = "carrel/repairer/high";

/** Asks the model that is meant for hard repairs, and the run's own where there is none. */
export async function askAnother<T>(
  step: StepContext,
  question: Omit<Question, "tools" | "tool_choice">,
  form: Form<T>,
): Promise<T> {
  try {
    return await askTool(step, { ...question, model: HARD_REPAIRS }, form);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return askTool(step, question, form);
  }
}
