import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Plan } from "#engines/builder/plan.ts";
import { answerReview } from "#runs/answer-review.ts";
import { cancelRun } from "#runs/cancel-run.ts";
import { type RunView, readRun } from "#runs/read-run.ts";
import { readRunTrees } from "#runs/read-run-trees.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { readBlob, readTree } from "#snapshots/read-tree.ts";
import {
  type Question,
  type ScriptedAnswer,
  type ScriptedModel,
  startScriptedModel,
} from "../../fakes/scripted-model.ts";
import { allEvents, charges } from "../../support/builder-runs.ts";
import { type Desk, makeDesk, slotsHeld, until } from "../../support/runs.ts";
import { type Stack, startStack } from "../../support/stack.ts";

let model: ScriptedModel;
let stack: Stack;

beforeAll(async () => {
  model = await startScriptedModel();
  stack = await startStack({
    parts: ["gateway", "runner"],
    env: { ANTHROPIC_API_KEY: "sk-ant-scripted", ANTHROPIC_BASE_URL: model.url },
  });
}, 60_000);

afterAll(async () => {
  await stack?.stop();
  await model?.close();
});

beforeEach(() => {
  model.questions = [];
});

const GOOD_TEST =
  "import test from 'node:test';\nimport { add } from './add.js';\nimport assert from 'node:assert';\ntest('adds', () => assert.equal(add(1, 2), 3));\n";
const GOOD = "export const add = (a, b) => a + b;\n";

const file = (path: string, dependsOn: string[] = []) => ({
  path,
  purpose: `the file ${path}`,
  language: path.endsWith(".json") ? "json" : "javascript",
  complexity: "low" as const,
  dependsOn,
});

const PLAN: Plan = {
  title: "adder",
  summary: "It adds.",
  language: "en",
  files: [file("package.json"), file("add.js"), file("add.test.js", ["add.js"])],
  commands: { test: [["node", "--test"]] },
  testStrategy: "",
};

const FILES: Record<string, string> = {
  "package.json": '{ "type": "module" }\n',
  "add.js": GOOD,
  "add.test.js": GOOD_TEST,
};

/** Answers as a model that follows the given plan, files and repairs. */
function follow(given: {
  plan?: unknown;
  files?: Record<string, string>;
  edits?: { path: string; content: string }[];
}) {
  return (question: Question): ScriptedAnswer => {
    if (question.system.startsWith("You are Carrel's architect"))
      return { tool: { name: "propose_plan", input: given.plan ?? PLAN } };
    if (question.system.startsWith("You are Carrel's repairer"))
      return { tool: { name: "propose_edits", input: { explanation: "I try.", edits: given.edits ?? [] } } };
    const path = /<path>(.*)<\/path>/.exec(String(question.messages[0]?.content))?.[1] ?? "";
    return { text: { ...FILES, ...given.files }[path] ?? "" };
  };
}

async function start(policy = {}): Promise<{ desk: Desk; runId: string }> {
  const desk = await makeDesk(stack.database.db, { policy });
  await stack.database.db.pool.query("UPDATE agents SET model = 'claude-haiku-4-5' WHERE user_id = $1", [
    desk.userId,
  ]);
  const { run } = await submitMessage(stack.database.db, {
    userId: desk.userId,
    agentId: desk.agents[0] as string,
    text: "An adder, please",
  });
  return { desk, runId: run.id };
}

const read = (desk: Desk, runId: string) => readRun(stack.database.db, desk.userId, runId);

async function settled(desk: Desk, runId: string): Promise<RunView> {
  await until(
    "the run settles",
    async () => !["queued", "running"].includes((await read(desk, runId)).status),
  );
  return read(desk, runId);
}

async function resultFiles(desk: Desk, treeHash: string): Promise<Record<string, string>> {
  const entries = await readTree(stack.database.db, desk.userId, treeHash);
  const files = entries.map(async ({ path, hash }) => [
    path,
    (await readBlob(stack.database.db, desk.userId, hash)).toString(),
  ]);
  return Object.fromEntries(await Promise.all(files));
}

test("an answer that is cut off at the token limit is continued and joined exactly", async () => {
  const long = `${GOOD}${Array.from({ length: 60 }, (_, n) => `export const n${n} = ${n}; // 한국어 ${n}\n`).join("")}`;
  const whole = follow({ files: { "add.js": long } });
  model.script = (question) => {
    const { text = "", ...answer } = whole(question);
    if (answer.tool) return answer;
    const said = question.messages
      .filter(({ role }) => role === "assistant")
      .map(({ content }) => String(content));
    const from = said.length > 0 ? Math.max(...said.map((part) => part.length)) : 0;
    // As a model does: it goes on behind what it sees.
    return {
      text: text.slice(from, from + 300),
      stopReason: from + 300 < text.length ? "max_tokens" : "end_turn",
    };
  };
  const { desk, runId } = await start();
  const run = await settled(desk, runId);
  expect(run.status).toBe("awaiting_review");
  expect((await resultFiles(desk, run.review?.treeHash as string))["add.js"]).toBe(long);
  expect((await charges(stack.database.db, runId))["r1/write:add.js"]).toBe(Math.ceil(long.length / 300));
});

test("a model that spends its whole length on thinking is asked once more and not over and over", async () => {
  const whole = follow({});
  model.script = (question) => {
    const answer = whole(question);
    return answer.tool ? answer : { thinking: "and yet", text: "", stopReason: "max_tokens" };
  };
  const { desk, runId } = await start();
  const run = await settled(desk, runId);
  expect(run.status).toBe("failed");
  const calls = Object.entries(await charges(stack.database.db, runId));
  expect(calls.filter(([key]) => key.startsWith("r1/write:")).map(([, count]) => count)).toEqual([2]);
});

test("a plan that cannot be carried out is sent back with what is wrong, and the mended one is carried out", async () => {
  const bad = {
    ...PLAN,
    files: [...PLAN.files, file("../outside.js")],
    commands: { test: [["rm", "-rf", "."]] },
  };
  const good = follow({});
  model.script = (question) =>
    question.messages.length === 1 ? follow({ plan: bad })(question) : good(question);
  const { desk, runId } = await start();
  const run = await settled(desk, runId);
  expect(run.review?.figures).toMatchObject({ files: 3, testsPassed: 1, testsFailed: 0 });
  const objection = JSON.stringify(model.questions[1]?.messages.at(-1));
  expect(objection).toContain("../outside.js");
  expect(objection).toContain("rm -rf .");
  expect((await charges(stack.database.db, runId))["r1/plan"]).toBe(2);
});

test("a model that thinks and may choose its tool is asked again, with its thinking, when it calls none", async () => {
  const good = follow({});
  const answers: ScriptedAnswer[] = [
    { thinking: "hm", text: "Shall I?" },
    {
      ...follow({ plan: { ...PLAN, files: [] } })({ system: "You are Carrel's architect." } as Question),
      thinking: "so",
    },
  ];
  model.script = (question) => answers.shift() ?? good(question);
  const { desk, runId } = await start();
  expect((await settled(desk, runId)).status).toBe("awaiting_review");
  const [first, second, third] = model.questions;
  expect(first?.tool_choice).toMatchObject({ type: "auto" });
  expect(second?.messages.slice(1)).toMatchObject([
    {
      role: "assistant",
      content: [{ type: "thinking", thinking: "hm", signature: "signed" }, { type: "text" }],
    },
    { role: "user", content: [{ type: "text", text: expect.stringContaining("did not call propose_plan") }] },
  ]);
  expect(third?.messages.slice(3)).toMatchObject([
    { role: "assistant", content: [{ type: "thinking", thinking: "so" }, { type: "tool_use" }] },
    { role: "user", content: [{ type: "tool_result", is_error: true }, { type: "text" }] },
  ]);
});

test.each(["error event", "connection"] as const)(
  "an answer that breaks off in its middle (%s) is asked for again and charged once",
  async (breaksOff) => {
    const good = follow({});
    let broken = false;
    model.script = (question) => {
      if (broken || !question.system.startsWith("You are Carrel's implementer")) return good(question);
      broken = true;
      return { ...good(question), breaksOff };
    };
    const { desk, runId } = await start();
    expect((await settled(desk, runId)).review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 0 });
    expect(await charges(stack.database.db, runId)).toMatchObject({ "r1/write:package.json": 1 });
  },
);

test("a model that declines ends the run with a clear error", async () => {
  model.script = () => ({ text: "", stopReason: "refusal" });
  const { desk, runId } = await start();
  const run = await settled(desk, runId);
  expect(run).toMatchObject({ status: "failed", error: { code: "upstream_failed" } });
  expect(run.error?.detail).toContain("declined");
});

test("a plan that never holds ends the run with a clear error, and nothing is written", async () => {
  model.script = follow({ plan: { ...PLAN, files: [file("a.js", ["b.js"]), file("b.js", ["a.js"])] } });
  const { desk, runId } = await start();
  const run = await settled(desk, runId);
  expect(run).toMatchObject({ status: "failed", error: { code: "upstream_failed" } });
  expect(run.error?.detail).toContain("circle");
  expect((await allEvents(stack.database.db, runId)).some(({ type }) => type === "file_changed")).toBe(false);
  expect(await slotsHeld(stack.database.db, desk.userId)).toBe(0);
});

test("what cannot be repaired is offered with the truth about it, and never published by itself", async () => {
  const broken = "export const add = () => 0;\n";
  model.script = follow({ files: { "add.js": broken }, edits: [{ path: "add.js", content: broken }] });
  const { desk, runId } = await start({ publish: "auto" });
  const run = await settled(desk, runId);
  expect(run).toMatchObject({ status: "awaiting_review", versionNumber: null });
  expect(run.review?.figures).toMatchObject({ testsPassed: 0, testsFailed: 1 });
  expect(run.review?.summary).toContain("does not work in full yet");
  expect(run.steps.map(({ key }) => key).filter((key) => key.includes("repair"))).toHaveLength(3);
});

test("a project of which no test ran has not passed, though its command ended well", async () => {
  model.script = follow({
    files: { "add.test.js": "" },
    plan: { ...PLAN, commands: { test: [["node", "add.js"]] } },
    edits: [{ path: "add.js", content: GOOD }],
  });
  const { desk, runId } = await start({ publish: "auto" });
  const run = await settled(desk, runId);
  expect(run).toMatchObject({ status: "awaiting_review", versionNumber: null });
  expect(run.review?.figures).toMatchObject({ testsPassed: 0, testsFailed: 0 });
  expect(run.review?.summary).toContain("No test ran");
});

test("with the policy `auto` a proven result becomes a version without a question", async () => {
  model.script = follow({});
  const { desk, runId } = await start({ publish: "auto" });
  expect(await settled(desk, runId)).toMatchObject({ status: "succeeded", versionNumber: 1, review: null });
  const { treeHash } = await readRunTrees(stack.database.db, desk.userId, runId);
  expect(Object.keys(await resultFiles(desk, treeHash as string)).sort()).toEqual(Object.keys(FILES).sort());
});

test("a plan that must be approved waits, holds no slot, and is changed or carried out as the person says", async () => {
  model.script = follow({});
  const { desk, runId } = await start({ approvePlan: true });
  const { db } = stack.database;
  expect((await settled(desk, runId)).review).toMatchObject({
    kind: "plan",
    summary: "It adds.",
    treeHash: null,
  });
  expect(await slotsHeld(db, desk.userId)).toBe(0);
  await answerReview(db, {
    userId: desk.userId,
    runId,
    decision: "request_changes",
    comment: "Subtract too",
  });
  const second = await settled(desk, runId);
  expect(second).toMatchObject({ round: 2, review: { kind: "plan" } });
  expect(JSON.stringify(model.questions.at(-1))).toContain("<requested_changes>Subtract too");
  await answerReview(db, { userId: desk.userId, runId, decision: "approve" });
  expect((await settled(desk, runId)).review).toMatchObject({ kind: "result" });
});

test("cancelling ends what runs in the workspace", async () => {
  const name = `hangs-${crypto.randomUUID()}.test.js`;
  model.script = follow({
    plan: {
      ...PLAN,
      files: [file("package.json"), file(name)],
      commands: { test: [["node", "--test", name]] },
    },
    files: { [name]: "setInterval(() => {}, 1000);\nawait new Promise(() => {});\n" },
  });
  const { desk, runId } = await start();
  await until("the test hangs", async () => (await processesNaming(name)) >= 2);
  await cancelRun(stack.database.db, { userId: desk.userId, runId });
  expect((await settled(desk, runId)).status).toBe("cancelled");
  await until("its processes are gone", async () => (await processesNaming(name)) === 0, 5_000);
  expect(await slotsHeld(stack.database.db, desk.userId)).toBe(0);
});

/** Processes of this machine, those in sandboxes included, with the word in their command line. */
async function processesNaming(word: string): Promise<number> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(word)).length;
}
