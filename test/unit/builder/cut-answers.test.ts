import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { askText } from "#engines/builder/ask-text.ts";
import { askTool } from "#engines/builder/ask-tool.ts";
import { stripFence } from "#engines/builder/strip-fence.ts";
import type { StepContext } from "#engines/engine.ts";
import { limitedAnswers } from "../../fakes/limited-answers.ts";
import { type ScriptedAnswer, type ScriptedModel, startScriptedModel } from "../../fakes/scripted-model.ts";

let model: ScriptedModel;
let step: StepContext;

beforeAll(async () => {
  model = await startScriptedModel();
  const unused = async () => {};
  step = {
    key: "r1/write:a",
    attempt: 1,
    say: unused,
    signal: new AbortController().signal,
    models: new Anthropic({ baseURL: model.url, apiKey: "scripted", maxRetries: 0 }),
    callHeaders: () => ({}),
    lastCallCost: async () => 0,
    processId: (name) => name,
  };
});

afterAll(() => model.close());

const QUESTION = {
  model: "scripted",
  max_tokens: 100,
  messages: [{ role: "user" as const, content: "the file" }],
};

/** The positions of a text where a wire can cut it: between two characters. */
function positions(text: string): number[] {
  const lengths = Array.from(text, (character) => character.length);
  let at = 0;
  return [0, ...lengths.map((length) => (at += length))];
}

const TEXTS = {
  "code with blank lines and deep blanks": "    def f():\n\n\n        return '  '\n\t\n  # end  \n",
  "every line the same": "0,0,0\n".repeat(12),
  "letters beyond the first plane": "가격 🦊🦊🦊 e\u0301 👩‍👩‍👧 \u{20000}\r\n日本語\n",
  "a fence around it": "```js\nconst a = `\n`;\n\n```",
  "what a cut-off notice looks like": "Your answer was cut off\n<file>\n</file>\n{}\n",
  "no line's end": "x",
};

test.each(Object.entries(TEXTS))(
  "%s: cut at every position, the joined text is the same",
  async (_what, text) => {
    for (const position of positions(text).slice(0, -1)) {
      let cuts = 0;
      model.script = limitedAnswers(
        () => ({ text }),
        (rest) => (cuts++ === 0 ? rest.slice(0, position) : rest),
      );
      const heard: string[] = [];
      const joined = await askText(step, QUESTION, async (delta) => void heard.push(delta));
      expect(joined, `cut at ${position}`).toBe(text);
      if (text.slice(0, position).trim() !== "") expect(heard.join("")).toBe(text);
    }
  },
);

test.each([1, 2, 3, 5, 8, 13])("cut after every %i characters, the joined text is the same", async (each) => {
  const text = "가🦊b\n\n c0 0 0 0\n".repeat(each);
  model.script = limitedAnswers(
    () => ({ text }),
    (rest) => Array.from(rest).slice(0, each).join(""),
  );
  expect(await askText(step, QUESTION, async () => {})).toBe(text);
});

const Form = z.object({
  title: z.string(),
  edits: z.array(z.object({ path: z.string(), content: z.string() })),
});
const FORM = { name: "propose", description: "proposes", schema: Form, problems: () => [] };
const INPUT = {
  title: 'quotes " and \\ and \u2028 가격',
  edits: [{ path: "a.py", content: "if a:\n\tprint('🦊')\n" }],
};

test("a call cut at every position of its input is continued and joined, and never read by half", async () => {
  const json = JSON.stringify(INPUT);
  for (const position of positions(json).slice(1, -1)) {
    let cuts = 0;
    model.script = limitedAnswers(
      () => ({ tool: { name: "propose", input: INPUT } }),
      (rest) => (cuts++ === 0 ? rest.slice(0, position) : rest),
    );
    model.questions = [];
    expect(await askTool(step, QUESTION, FORM), `cut at ${position}`).toEqual(INPUT);
    expect(model.questions).toHaveLength(2);
    expect(model.questions[1]?.tool_choice).toEqual({ type: "none" });
  }
});

test.each<[string, ScriptedAnswer]>([
  ["is no JSON", { tool: { name: "propose", input: {}, json: '{"title": unquoted}' } }],
  ["ends in its middle without saying so", { tool: { name: "propose", input: {}, json: '{"title": "a", ' } }],
  [
    "is cut off and goes on with something else",
    { tool: { name: "propose", input: {}, json: '{"ti' }, stopReason: "max_tokens" },
  ],
  [
    "is cut off before it begins",
    { tool: { name: "propose", input: {}, json: "" }, stopReason: "max_tokens" },
  ],
])("a call whose input %s is asked for again", async (_what, bad) => {
  const answers: ScriptedAnswer[] = [bad, ...(bad.tool?.json === '{"ti' ? [{ text: "Sorry." }] : [])];
  model.script = () => answers.shift() ?? { tool: { name: "propose", input: INPUT } };
  expect(await askTool(step, QUESTION, FORM)).toEqual(INPUT);
  expect(answers).toEqual([]);
});

test("an answer that never ends is given up, and so is one of ten megabytes", async () => {
  model.script = () => ({ text: "more ", stopReason: "max_tokens" });
  await expect(askText(step, QUESTION, async () => {})).rejects.toMatchObject({ code: "upstream_failed" });
  model.script = () => ({ text: "x".repeat(10 * 1024 * 1024) });
  await expect(askText(step, QUESTION, async () => {})).rejects.toMatchObject({ code: "too_large" });
  const input = { title: "x".repeat(10 * 1024 * 1024), edits: [] };
  model.script = () => ({ tool: { name: "propose", input } });
  await expect(askTool(step, QUESTION, FORM)).rejects.toMatchObject({ code: "too_large" });
});

test.each(["a\n\n\n", "\n\na\n", "  a\n  \n"])("blank lines around %j are part of the file", (text) => {
  expect(stripFence(text)).toBe(text);
});
