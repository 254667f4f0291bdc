import type { Plan } from "#engines/builder/plan.ts";
import type { Question, ScriptedAnswer, ScriptedModel } from "../fakes/scripted-model.ts";
import { askedPath, planned } from "./scripted-builder.ts";

/** A run with every kind of step, at a pace at which each can be interrupted: its first check fails, and is repaired. */

const FILES: Record<string, string> = {
  "package.json": '{ "name": "adder", "type": "module" }\n',
  "sign.js": `${"// Which way a number points, with more words than it needs, so that it takes a while.\n".repeat(8)}export const sign = (a) => Math.sign(a);\n`,
  "add.js": `import { sign } from './sign.js';\n${"// It adds, and takes its time to be written.\n".repeat(12)}export const add = (a, b) => a - b * sign(1);\n`,
  "add.test.js": `import assert from 'node:assert';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { add } from './add.js';
for (const n of [1, 2, 3, 4])
  test('adds ' + n, async () => {
    console.log('adding ' + n);
    await pause(150);
    console.error('added ' + n);
    assert.equal(add(n, 2), n + 2);
  });
`,
};

const PLAN: Plan = {
  title: "adder",
  summary: "It adds. ".repeat(40),
  language: "en",
  files: [
    planned("package.json"),
    planned("sign.js"),
    planned("add.js", ["sign.js"]),
    planned("add.test.js", ["add.js"]),
  ],
  commands: { test: [["node", "--test", "add.test.js"]] },
  testStrategy: "",
};

const MENDED = { path: "add.js", content: FILES["add.js"]?.replace("a - b", "a + b") as string };

export const KINDS: [kind: string, steps: string[]][] = [
  ["plan", ["r1/plan"]],
  ["write", PLAN.files.map(({ path }) => `r1/write:${path}`)],
  ["check", ["r1/check:1", "r1/check:2"]],
  ["repair", ["r1/repair:1"]],
  ["sum", ["r1/sum"]],
];

export interface Story {
  /** requests that reached the model, by the step that asked */
  asked(): Record<string, number>;
  /** forgets them */
  begin(): void;
  /** no answer begins while the work goes on */
  holding(work: () => Promise<void>): Promise<void>;
}

export function tellStory(model: ScriptedModel): Story {
  let free: Promise<void> = Promise.resolve();
  model.script = async (question) => {
    await free;
    return { ...answerTo(question), pieceMs: 40 };
  };
  return {
    asked: () => countBy(model.questions.map(stepOf)),
    begin: () => void model.questions.splice(0),
    async holding(work) {
      const { promise, resolve } = Promise.withResolvers<void>();
      free = promise;
      await work().finally(resolve);
    },
  };
}

function stepOf(question: Question): string {
  if (question.system.startsWith("You are Carrel's architect")) return "r1/plan";
  const path = askedPath(question);
  return path === null ? "r1/repair:1" : `r1/write:${path}`;
}

function answerTo(question: Question): ScriptedAnswer {
  const step = stepOf(question);
  if (step === "r1/plan") return { tool: { name: "propose_plan", input: PLAN } };
  if (step === "r1/repair:1")
    return { tool: { name: "propose_edits", input: { explanation: "A sign.", edits: [MENDED] } } };
  return { text: FILES[step.slice("r1/write:".length)] ?? "" };
}

function countBy(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
