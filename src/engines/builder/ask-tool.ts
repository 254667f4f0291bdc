import type Anthropic from "@anthropic-ai/sdk";
import { z } from "zod";
import { askModel, type Question } from "#engines/builder/ask-model.ts";
import type { StepContext } from "#engines/engine.ts";
import { AppError } from "#platform/errors.ts";

/** How often the model may mend an answer that does not hold. */
const TRIES = 3;

export interface Form<T> {
  name: string;
  description: string;
  schema: z.ZodType<T>;
  /** what is wrong with an answer of the right shape, in sentences; empty: nothing */
  problems: (answer: T) => string[];
}

// A model that always thinks refuses to have its tool chosen for it. The prompt asks for the call, and an answer
// without one is objected to like any other that does not hold.
const TOOL_CHOICE: Anthropic.ToolChoiceAuto = { type: "auto", disable_parallel_tool_use: true };

/**
 * An answer in the given form: checked, and asked for again with what is wrong when it does not hold. An answer that
 * was cut off is never read: it is asked for again, shorter.
 * @throws AppError upstream_failed when no answer holds, or the model declines
 */
export async function askTool<T>(
  step: StepContext,
  question: Omit<Question, "tools" | "tool_choice">,
  form: Form<T>,
): Promise<T> {
  const { $schema: _unused, ...schema } = z.toJSONSchema(form.schema, { io: "input" });
  const tools = [
    { name: form.name, description: form.description, input_schema: schema as Anthropic.Tool.InputSchema },
  ];
  let messages = question.messages;
  let problems: string[] = [];
  for (let call = 1; call <= TRIES; call += 1) {
    const answer = await askModel(step, { ...question, messages, tools, tool_choice: TOOL_CHOICE });
    const read = readAnswer(answer, form);
    if ("value" in read) return read.value;
    problems = read.problems;
    messages = [...messages, ...objection(answer, form.name, problems)];
  }
  throw new AppError("upstream_failed", `The model gave no usable answer. ${problems.slice(0, 5).join(" ")}`);
}

function readAnswer<T>(answer: Anthropic.Message, form: Form<T>): { value: T } | { problems: string[] } {
  if (answer.stop_reason === "max_tokens")
    return { problems: ["The answer was too long and was cut off. Be shorter."] };
  const call = toolUse(answer, form.name);
  if (!call) return { problems: [`The answer did not call ${form.name}.`] };
  const parsed = form.schema.safeParse(call.input);
  if (!parsed.success)
    return { problems: parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}.`) };
  const problems = form.problems(parsed.data);
  return problems.length > 0 ? { problems } : { value: parsed.data };
}

/** The answer with the thinking in it, which a model wants to see again as it was, and what is wrong with it. */
function objection(answer: Anthropic.Message, name: string, problems: string[]): Anthropic.MessageParam[] {
  const text = `This does not hold:\n${problems.map((problem) => `- ${problem}`).join("\n")}\nCall ${name} again, mended.`;
  // What was cut off may end in half a call, and an answer of nothing cannot be said again.
  const said = answer.stop_reason === "max_tokens" ? [] : answer.content;
  const calls = said.filter((block) => block.type === "tool_use");
  const results = calls.map(({ id }) => ({ type: "tool_result", tool_use_id: id, is_error: true }) as const);
  return [
    { role: "assistant", content: said.length > 0 ? said : "(no usable call)" },
    { role: "user", content: [...results, { type: "text", text }] },
  ];
}

function toolUse(answer: Anthropic.Message, name: string): Anthropic.ToolUseBlock | undefined {
  return answer.content.find((block) => block.type === "tool_use" && block.name === name) as
    | Anthropic.ToolUseBlock
    | undefined;
}
