import type Anthropic from "@anthropic-ai/sdk";
import { z } from "zod";
import { askModel, type Question } from "#engines/builder/ask-model.ts";
import { carryOn } from "#engines/builder/ask-text.ts";
import { type Answer, readJson } from "#engines/builder/collect-answer.ts";
import { FORM_TRIES } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";
import { AppError } from "#platform/errors.ts";

export interface Form<T> {
  name: string;
  description: string;
  schema: z.ZodType<T>;
  /** what is wrong with an answer of the right shape, in sentences; empty: nothing */
  problems: (answer: T) => string[];
}

// A model that always thinks refuses to have its tool chosen for it. The prompt asks for the call, and an answer
// without one is objected to like any other that does not hold.
const MAY_CALL: Anthropic.ToolChoiceAuto = { type: "auto", disable_parallel_tool_use: true };

const GO_ON = (name: string) =>
  `Your call of ${name} was cut off at the length limit. The text above is its input so far, as JSON. Go on exactly where it stops, as plain text and without calling anything: begin with the very next character of the JSON, repeat nothing, explain nothing.`;

/** What came of one try: the call's input as JSON, and the words with which the model is shown what it said. */
interface Said {
  /** null: there was no call */
  json: string | null;
  content: Anthropic.ContentBlockParam[];
}

/**
 * An answer in the given form: checked, and asked for again with what is wrong when it does not hold. A call that was
 * cut off is continued and joined, and never read by half.
 * @throws AppError upstream_failed when no answer holds, or the model declines; too_large
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
  for (let call = 1; call <= FORM_TRIES; call += 1) {
    const asked = { ...question, messages, tools, tool_choice: MAY_CALL };
    const said = await wholeCall(step, asked, await askModel(step, asked), form.name);
    const read = readInput(said.json, form);
    if ("value" in read) return read.value;
    problems = read.problems;
    messages = [...messages, ...objection(said, form.name, problems)];
  }
  throw new AppError("upstream_failed", `The model gave no usable answer. ${problems.slice(0, 5).join(" ")}`);
}

async function wholeCall(
  step: StepContext,
  asked: Question,
  { message, inputs }: Answer,
  name: string,
): Promise<Said> {
  const index = message.content.findIndex((block) => block.type === "tool_use" && block.name === name);
  const json = inputs.get(index) ?? "";
  if (message.stop_reason !== "max_tokens")
    return { json: index < 0 ? null : json, content: message.content };
  if (json.trim() === "") return { json: null, content: [] };
  // With the tools still there, as earlier calls in the conversation need them, but none may be called.
  const question: Question = { ...asked, tool_choice: { type: "none" } };
  const whole = await carryOn(step, question, { said: json, goOn: GO_ON(name) });
  return { json: whole, content: [{ type: "text", text: whole }] };
}

function readInput<T>(json: string | null, form: Form<T>): { value: T } | { problems: string[] } {
  if (json === null) return { problems: [`The answer did not call ${form.name}.`] };
  const input = readJson(json);
  if (input === undefined) return { problems: [`The input of ${form.name} is not valid JSON.`] };
  const parsed = form.schema.safeParse(input);
  if (!parsed.success)
    return { problems: parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}.`) };
  const problems = form.problems(parsed.data);
  return problems.length > 0 ? { problems } : { value: parsed.data };
}

/** The answer with the thinking in it, which a model wants to see again as it was, and what is wrong with it. */
function objection(said: Said, name: string, problems: string[]): Anthropic.MessageParam[] {
  const text = `This does not hold:\n${problems.map((problem) => `- ${problem}`).join("\n")}\nCall ${name} again, mended.`;
  const calls = said.content.filter((block) => block.type === "tool_use");
  const results = calls.map(({ id }) => ({ type: "tool_result", tool_use_id: id, is_error: true }) as const);
  return [
    // An answer of nothing cannot be said again.
    { role: "assistant", content: said.content.length > 0 ? said.content : "(no usable call)" },
    { role: "user", content: [...results, { type: "text", text }] },
  ];
}
