import { expect, test } from "vitest";
import type { MessagesRequest, WireTool } from "#gateway/messages-wire.ts";
import { answerDemo } from "#gateway/providers/demo/demo.ts";
import { planFor, textOfAnswer, textRequest, toolInput, writtenFile } from "../../support/demo-prompts.ts";

const string = { type: "string" };
/** The tools of an agent CLI, as far as they matter here. */
const TOOLS: WireTool[] = [
  {
    name: "Bash",
    input_schema: {
      type: "object",
      properties: { command: string, description: string, timeout: { type: "number" } },
      required: ["command", "description"],
    },
  },
  {
    name: "Read",
    input_schema: { type: "object", properties: { file_path: string }, required: ["file_path"] },
  },
  {
    name: "Write",
    input_schema: {
      type: "object",
      properties: { file_path: string, content: string },
      required: ["file_path", "content"],
    },
  },
];

/** The whole conversation of an agent CLI: every call answered with `ok`, until the model stops. */
function converse(
  text: string,
  tools: WireTool[],
  result: (name: string) => { content: string; is_error?: boolean },
) {
  const request: MessagesRequest = textRequest(text, { tools });
  const calls: { name: string; input: unknown }[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    const answer = answerDemo(request);
    const call = answer.content.find((block) => block.type === "tool_use");
    if (call?.type !== "tool_use") return { calls, last: answer };
    expect(answer.stop_reason).toBe("tool_use");
    calls.push({ name: call.name, input: call.input });
    request.messages.push({ role: "assistant", content: answer.content });
    request.messages.push({
      role: "user",
      content: [{ type: "tool_result", tool_use_id: call.id, ...result(call.name) }],
    });
  }
  throw new Error("the model never stops");
}

const ok = () => ({ content: "ok" });

test("plain chat says in the person's language that the model is scripted", () => {
  for (const [said, hint] of [
    ["Hello there", "Demo model, scripted: add a key for real work"],
    ["안녕하세요", "데모 모델"],
    ["こんにちは", "デモモデル"],
  ] as const) {
    const answer = answerDemo(textRequest(said));
    expect(textOfAnswer(answer)).toContain(hint);
    expect(textOfAnswer(answer)).toContain("Demo model, scripted: add a key for real work");
    expect(answer.stop_reason).toBe("end_turn");
  }
});

test("a file is written, then run, then the model ends", () => {
  const { calls, last } = converse('Create greet.py that prints "Hi Kim" and run it', TOOLS, ok);
  expect(calls).toEqual([
    { name: "Write", input: { file_path: "greet.py", content: 'print("Hi Kim")\n' } },
    {
      name: "Bash",
      input: { command: "python3 greet.py", description: "Carrel's scripted demo model at work" },
    },
  ]);
  expect(last.stop_reason).toBe("end_turn");
  expect(textOfAnswer(last)).toContain("Demo model, scripted");
});

test("Korean and Japanese ask for tools too", () => {
  expect(converse("hello.js 파일을 만들어 줘", TOOLS, ok).calls.map((call) => call.name)).toEqual(["Write"]);
  expect(converse("`ls -la` を実行してください", TOOLS, ok).calls).toEqual([
    { name: "Bash", input: { command: "ls -la", description: "Carrel's scripted demo model at work" } },
  ]);
});

test("tools of other CLIs get arguments that fit their schemas", () => {
  const shell: WireTool = {
    name: "shell",
    input_schema: {
      type: "object",
      properties: { command: { type: "array", items: string } },
      required: ["command"],
    },
  };
  const { calls } = converse("write notes.txt and run it", [shell], ok);
  expect(calls[0]?.input).toEqual({ command: ["bash", "-lc", expect.stringContaining("cat > notes.txt")] });
  const editor: WireTool = {
    name: "str_replace_based_edit_tool",
    input_schema: {
      type: "object",
      properties: { command: { type: "string", enum: ["view", "create"] }, path: string, file_text: string },
      required: ["command", "path"],
    },
  };
  expect(converse("create a.md", [editor], ok).calls[0]?.input).toMatchObject({
    command: "create",
    path: "a.md",
  });
});

test("a tool's error ends the script instead of being repeated", () => {
  const { calls, last } = converse("create a.py and run it", TOOLS, () => ({
    content: "denied",
    is_error: true,
  }));
  expect(calls).toHaveLength(1);
  expect(textOfAnswer(last)).toContain("reported an error");
});

test("a new question after a finished one starts from its beginning", () => {
  const request = textRequest("create a.py", { tools: TOOLS });
  request.messages.push(
    { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "Write", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "ok" }] },
    { role: "assistant", content: "Done." },
    {
      role: "user",
      content: [
        { type: "text", text: "<system-reminder>run tests</system-reminder>" },
        { type: "text", text: "create b.py" },
      ],
    },
  );
  expect(toolInput(answerDemo(request))).toMatchObject({ file_path: "b.py" });
});

test("questions without need of a tool get words, and tool_choice is obeyed", () => {
  expect(answerDemo(textRequest("How are you?", { tools: TOOLS })).stop_reason).toBe("end_turn");
  expect(
    answerDemo(textRequest("create a.py", { tools: TOOLS, tool_choice: { type: "none" } })).stop_reason,
  ).toBe("end_turn");
  const forced = answerDemo(textRequest("hi", { tools: TOOLS, tool_choice: { type: "tool", name: "Read" } }));
  expect(toolInput(forced)).toEqual({ file_path: "hello.py" });
});

test("a text is cut at max_tokens and at stop sequences, never inside a character", () => {
  const cut = answerDemo(textRequest("안녕하세요 🎉🎉🎉", { max_tokens: 3 }));
  expect(cut.stop_reason).toBe("max_tokens");
  expect(textOfAnswer(cut)).toMatch(/^스크립트/);
  expect(cut.usage.output_tokens).toBeLessThanOrEqual(3);
  const stopped = answerDemo(textRequest("Hello", { stop_sequences: [":"] }));
  expect([stopped.stop_reason, stopped.stop_sequence, textOfAnswer(stopped)]).toEqual([
    "stop_sequence",
    ":",
    "Demo model, scripted",
  ]);
});

test("a file that is cut off goes on behind what was said of it", () => {
  const requests = ["Make a to-do command-line tool in Python"];
  const plan = planFor(requests);
  const whole = writtenFile(requests, plan, "README.md", new Map());
  const question = textRequest(
    `<request>${requests[0]}</request>\n\n<plan>${JSON.stringify(plan)}</plan>\n\n<path>README.md</path>`,
    { system: "You are Carrel's implementer.", max_tokens: 20 },
  );
  const cut = answerDemo(question);
  expect(cut.stop_reason).toBe("max_tokens");
  const said = textOfAnswer(cut);
  const messages = [
    ...question.messages,
    { role: "assistant" as const, content: said },
    { role: "user" as const, content: "Your answer was cut off. Go on." },
  ];
  expect(said + textOfAnswer(answerDemo({ ...question, messages, max_tokens: 32_000 }))).toBe(whole);
});
