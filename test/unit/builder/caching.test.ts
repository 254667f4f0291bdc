import Anthropic from "@anthropic-ai/sdk";
import { expect, onTestFinished, test } from "vitest";
import { askText } from "#engines/builder/ask-text.ts";
import { marksShared, sharedAndOwn } from "#engines/builder/caching.ts";
import { FILES_AT_ONCE } from "#engines/builder/tunables.ts";
import { answerDemo } from "#gateway/providers/demo/demo.ts";
import { translateRequest } from "#gateway/providers/openai/translate-request.ts";
import { limitedAnswers } from "../../fakes/limited-answers.ts";
import { startScriptedModel } from "../../fakes/scripted-model.ts";
import { textOfAnswer, textRequest } from "../../support/demo-prompts.ts";

const LONG = "x".repeat(4_000);
const file = (path: string, dependsOn: string[] = []) => ({ path, dependsOn });
const marked = (files: ReturnType<typeof file>[], shared = LONG) =>
  files.filter(({ path }) => marksShared(files, path, shared)).map(({ path }) => path);

test("the first file writes what all share to the cache, those that begin with it do not, and later ones read it", () => {
  expect(marked([file("a"), file("b"), file("c", ["a"])])).toEqual(["a", "c"]);
  const many = Array.from({ length: FILES_AT_ONCE + 2 }, (_, n) => file(`${n}`));
  expect(marked(many)).toEqual(["0", `${FILES_AT_ONCE}`, `${FILES_AT_ONCE + 1}`]);
});

test.each([
  ["there is one file", [file("a")], LONG],
  ["all files begin together", [file("a"), file("b"), file("c")], LONG],
  ["what they share is short", [file("a"), file("b", ["a"])], "short"],
])("nothing is marked where %s", (_what, files, shared) => {
  expect(marked(files, shared)).toEqual([]);
});

test.each([
  ["long", LONG, [false, false, true, true]],
  ["short", "short", [false, false, false, false]],
])(
  "a question that is continued again and again is marked from the second time on, if it is long: %s",
  async (_what, prompt, kept) => {
    const model = await startScriptedModel();
    onTestFinished(() => model.close());
    model.script = limitedAnswers(
      () => ({ text: "abcdefgh" }),
      (rest) => rest.slice(0, 2),
    );
    const step = {
      key: "r1/write:a",
      attempt: 1,
      say: async () => {},
      signal: new AbortController().signal,
      models: new Anthropic({ baseURL: model.url, apiKey: "scripted", maxRetries: 0 }),
      callHeaders: () => ({}),
      lastCallCost: async () => 0,
      processId: (name: string) => name,
    };
    const messages = [{ role: "user" as const, content: prompt }];
    expect(await askText(step, { model: "scripted", max_tokens: 100, messages }, async () => {})).toBe(
      "abcdefgh",
    );
    expect(model.questions.map((question) => JSON.stringify(question).includes("cache_control"))).toEqual(
      kept,
    );
    expect(model.questions.at(-1)?.messages.at(-2)?.content).toBe("abcdef");
  },
);

test("a translated wire has no word for a mark, and the demo model answers as without it", () => {
  const [shared, own] = ["<request>make a tool</request>\n\n<plan>{}</plan>", "<path>a.py</path>"];
  const ask = (content: ReturnType<typeof sharedAndOwn> | string) => ({
    ...textRequest(""),
    system: "You are Carrel's implementer. You write one file.",
    messages: [{ role: "user" as const, content: content as string }],
  });
  const blocks = ask(sharedAndOwn(shared, own));
  const plain = ask(`${shared}\n${own}`);
  expect(translateRequest(blocks)).toEqual(translateRequest(plain));
  expect(textOfAnswer(answerDemo(blocks))).toBe(textOfAnswer(answerDemo(plain)));
});
