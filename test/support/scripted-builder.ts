import type { Plan } from "#engines/builder/plan.ts";
import { type RunView, readRun } from "#runs/read-run.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { readBlob, readTree } from "#snapshots/read-tree.ts";
import type { Question, ScriptedAnswer, ScriptedModel } from "../fakes/scripted-model.ts";
import { type Desk, makeDesk, runState, until } from "./runs.ts";
import { type Stack, type StackOptions, startStack } from "./stack.ts";

/** Runs of the builder whose model a test writes: the real gateway and runner, without the web part. */

export async function startScriptedStack(model: ScriptedModel, options: StackOptions = {}): Promise<Stack> {
  const env = { ANTHROPIC_API_KEY: "sk-ant-scripted", ANTHROPIC_BASE_URL: model.url, ...options.env };
  return startStack({ parts: ["gateway", "runner"], ...options, env });
}

const LANGUAGES: Record<string, string> = { js: "javascript", py: "python", json: "json", md: "markdown" };

export function planned(path: string, dependsOn: string[] = []): Plan["files"][number] {
  const language = LANGUAGES[path.slice(path.lastIndexOf(".") + 1)] ?? "text";
  return { path, purpose: `the file ${path}`, language, complexity: "low", dependsOn };
}

export const GOOD_FILES = {
  "package.json": '{ "type": "module" }\n',
  "add.js": "export const add = (a, b) => a + b;\n",
  "add.test.js":
    "import test from 'node:test';\nimport { add } from './add.js';\nimport assert from 'node:assert';\ntest('adds', () => assert.equal(add(1, 2), 3));\n",
};

export const GOOD_PLAN: Plan = {
  title: "adder",
  summary: "It adds.",
  language: "en",
  files: [planned("package.json"), planned("add.js"), planned("add.test.js", ["add.js"])],
  commands: { test: [["node", "--test"]] },
  testStrategy: "",
};

/** The path that an implementer's question is about; null for another role's question. */
export function askedPath(question: Question): string | null {
  if (!question.system.startsWith("You are Carrel's implementer")) return null;
  return /<path>(.*?)<\/path>/.exec(JSON.stringify(question.messages[0]?.content))?.[1] ?? null;
}

/** Answers as a model that follows the given plan, files and repairs. */
export function follow(given: {
  plan?: unknown;
  files?: Record<string, string>;
  edits?: { path: string; content: string }[];
}) {
  return (question: Question): ScriptedAnswer => {
    if (question.system.startsWith("You are Carrel's architect"))
      return { tool: { name: "propose_plan", input: given.plan ?? GOOD_PLAN } };
    if (question.system.startsWith("You are Carrel's repairer"))
      return { tool: { name: "propose_edits", input: { explanation: "I try.", edits: given.edits ?? [] } } };
    const files: Record<string, string> = { ...GOOD_FILES, ...given.files };
    return { text: files[askedPath(question) ?? ""] ?? "" };
  };
}

export interface ScriptedRun {
  desk: Desk;
  runId: string;
}

export async function startRun(
  stack: Stack,
  policy = {},
  of?: Desk,
  ceilingMicroUsd: number | null = null,
): Promise<ScriptedRun> {
  const { db } = stack.database;
  const desk = of ?? (await makeDesk(db, { policy }));
  const agentId = desk.agents[0] as string;
  await db.pool.query("UPDATE agents SET model = 'claude-haiku-4-5', ceiling_micro_usd = $2 WHERE id = $1", [
    agentId,
    ceilingMicroUsd,
  ]);
  const { run } = await submitMessage(db, { userId: desk.userId, agentId, text: "An adder, please" });
  return { desk, runId: run.id };
}

export async function settled(
  stack: Stack,
  { desk, runId }: ScriptedRun,
  withinMs = 60_000,
): Promise<RunView> {
  const { db } = stack.database;
  const isSettled = async () => !["queued", "running"].includes((await runState(db, runId)).status);
  await until("the run settles", isSettled, withinMs);
  return readRun(db, desk.userId, runId);
}

export async function resultFiles(
  stack: Stack,
  desk: Desk,
  treeHash: string,
): Promise<Record<string, string>> {
  const { db } = stack.database;
  const files = (await readTree(db, desk.userId, treeHash)).map(async ({ path, hash }) => [
    path,
    (await readBlob(db, desk.userId, hash)).toString(),
  ]);
  return Object.fromEntries(await Promise.all(files));
}
