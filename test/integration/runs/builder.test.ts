import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { cancelRun } from "#runs/cancel-run.ts";
import { readRunTrees } from "#runs/read-run-trees.ts";
import { cutToTokens, limitedAnswers } from "../../fakes/limited-answers.ts";
import type { Question, ScriptedAnswer } from "../../fakes/scripted-model.ts";
import { until } from "../../support/runs.ts";
import { askedPath, follow, GOOD_FILES, GOOD_PLAN, planned } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

const suite = scriptedSuite();

/** Files that need each other, of every size from one token to some thousands. */
function twelveFiles(): Record<string, string> {
  const source = (n: number) =>
    Array.from({ length: 2 ** n }, (_, line) => `export const n${n}_${line} = "값 ${line} 🦊"; // \t\n`).join(
      "\n",
    );
  const modules = Array.from({ length: 9 }, (_, n) => [`part${n}.js`, `${source(n)}\n`]);
  return { ...GOOD_FILES, ...Object.fromEntries(modules) };
}

test("a model limited to 300 tokens an answer makes a project of twelve files, byte by byte the same", async () => {
  const files = twelveFiles();
  const plan = {
    ...GOOD_PLAN,
    files: Object.keys(files).map((path) =>
      planned(path, path === "add.test.js" ? ["add.js", "part8.js"] : []),
    ),
  };
  expect(plan.files).toHaveLength(12);
  suite.model.script = limitedAnswers(follow({ plan, files }), cutToTokens(300));
  const started = await suite.start();
  const run = await suite.settled(started);
  expect(run.review?.figures).toMatchObject({ files: 12, testsPassed: 1, testsFailed: 0 });
  expect(await suite.files(started, run.review?.treeHash)).toEqual(files);
  const charged = await suite.charges(started);
  expect(charged["r1/write:part8.js"]).toBe(Math.ceil(Buffer.byteLength(files["part8.js"] ?? "") / 1200));
  expect(charged["r1/plan"]).toBeGreaterThan(1);
});

test("a model that spends its whole length on thinking is asked once more and not over and over", async () => {
  const whole = follow({});
  suite.model.script = (question) => {
    const answer = whole(question);
    return answer.tool ? answer : { thinking: "and yet", text: "", stopReason: "max_tokens" };
  };
  const started = await suite.start();
  const run = await suite.settled(started);
  expect(run.status).toBe("failed");
  const calls = Object.entries(await suite.charges(started));
  const writes = calls.filter(([key]) => key.startsWith("r1/write:")).map(([, count]) => count);
  // Files that need no other are written at the same time: each was asked for twice.
  expect(writes).toEqual(writes.map(() => 2));
  expect(writes.length).toBeGreaterThan(0);
});

test("a plan that cannot be carried out is sent back with what is wrong, and the mended one is carried out", async () => {
  const bad = {
    ...GOOD_PLAN,
    files: [...GOOD_PLAN.files, planned("../outside.js")],
    commands: { test: [["rm", "-rf", "."]] },
  };
  const good = follow({});
  suite.model.script = (question) =>
    question.messages.length === 1 ? follow({ plan: bad })(question) : good(question);
  const started = await suite.start();
  const run = await suite.settled(started);
  expect(run.review?.figures).toMatchObject({ files: 3, testsPassed: 1, testsFailed: 0 });
  const objection = JSON.stringify(suite.model.questions[1]?.messages.at(-1));
  expect(objection).toContain("../outside.js");
  expect(objection).toContain("rm -rf .");
  expect((await suite.charges(started))["r1/plan"]).toBe(2);
});

test("a model that thinks and may choose its tool is asked again, with its thinking, when it calls none", async () => {
  const good = follow({});
  const answers: ScriptedAnswer[] = [
    { thinking: "hm", text: "Shall I?" },
    {
      ...follow({ plan: { ...GOOD_PLAN, files: [] } })({ system: "You are Carrel's architect." } as Question),
      thinking: "so",
    },
  ];
  suite.model.script = (question) => answers.shift() ?? good(question);
  const started = await suite.start();
  expect((await suite.settled(started)).status).toBe("awaiting_review");
  const [first, second, third] = suite.model.questions;
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
    suite.model.script = (question) => {
      if (broken || !question.system.startsWith("You are Carrel's implementer")) return good(question);
      broken = true;
      return { ...good(question), breaksOff };
    };
    const started = await suite.start();
    expect((await suite.settled(started)).review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 0 });
    expect(await suite.charges(started)).toMatchObject({ "r1/write:package.json": 1 });
  },
);

test("a model that declines ends the run with a clear error", async () => {
  suite.model.script = () => ({ text: "", stopReason: "refusal" });
  const started = await suite.start();
  const run = await suite.settled(started);
  expect(run).toMatchObject({ status: "failed", error: { code: "upstream_failed" } });
  expect(run.error?.detail).toContain("declined");
});

test("a plan that never holds ends the run with a clear error, and nothing is written", async () => {
  suite.model.script = follow({
    plan: { ...GOOD_PLAN, files: [planned("a.js", ["b.js"]), planned("b.js", ["a.js"])] },
  });
  const started = await suite.start();
  const run = await suite.settled(started);
  expect(run).toMatchObject({ status: "failed", error: { code: "upstream_failed" } });
  expect(run.error?.detail).toContain("circle");
  expect((await suite.events(started)).some(({ type }) => type === "file_changed")).toBe(false);
  expect(await suite.slotsHeld(started)).toBe(0);
});

test("what cannot be repaired is offered with the truth about it, and never published by itself", async () => {
  const broken = "export const add = () => 0;\n";
  suite.model.script = follow({ files: { "add.js": broken }, edits: [{ path: "add.js", content: broken }] });
  const started = await suite.start({ policy: { publish: "auto" } });
  const run = await suite.settled(started);
  expect(run).toMatchObject({ status: "awaiting_review", versionNumber: null });
  expect(run.review?.figures).toMatchObject({ testsPassed: 0, testsFailed: 1 });
  expect(run.review?.summary).toContain("does not work in full yet");
  expect(run.steps.map(({ key }) => key).filter((key) => key.includes("repair"))).toHaveLength(3);
});

test("a project of which no test ran has not passed, though its command ended well", async () => {
  suite.model.script = follow({
    files: { "add.test.js": "" },
    plan: { ...GOOD_PLAN, commands: { test: [["node", "add.js"]] } },
    edits: [{ path: "add.js", content: GOOD_FILES["add.js"] }],
  });
  const started = await suite.start({ policy: { publish: "auto" } });
  const run = await suite.settled(started);
  expect(run).toMatchObject({ status: "awaiting_review", versionNumber: null });
  expect(run.review?.figures).toMatchObject({ testsPassed: 0, testsFailed: 0 });
  expect(run.review?.summary).toContain("No test ran");
});

test("beside tests that passed, a command of whose tests none ran is a failure that keeps the result waiting", async () => {
  suite.model.script = follow({
    plan: {
      ...GOOD_PLAN,
      commands: {
        test: [
          ["node", "--test"],
          ["node", "add.js"],
        ],
      },
    },
    edits: [{ path: "add.js", content: GOOD_FILES["add.js"] }],
  });
  const started = await suite.start({ policy: { publish: "auto" } });
  const run = await suite.settled(started);
  expect(run).toMatchObject({ status: "awaiting_review", versionNumber: null });
  expect(run.review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 1 });
});

test("with the policy `auto` a proven result becomes a version without a question", async () => {
  const started = await suite.start({ policy: { publish: "auto" } });
  expect(await suite.settled(started)).toMatchObject({
    status: "succeeded",
    versionNumber: 1,
    review: null,
  });
  const { treeHash } = await readRunTrees(suite.db, started.desk.userId, started.runId);
  expect(Object.keys(await suite.files(started, treeHash)).sort()).toEqual(Object.keys(GOOD_FILES).sort());
});

test("a plan that must be approved waits, holds no slot, and is changed or carried out as the person says", async () => {
  const started = await suite.start({ policy: { approvePlan: true } });
  expect((await suite.settled(started)).review).toMatchObject({
    kind: "plan",
    summary: "It adds.",
    treeHash: null,
  });
  expect(await suite.slotsHeld(started)).toBe(0);
  await suite.answer(started, { decision: "request_changes", comment: "Subtract too" });
  const second = await suite.settled(started);
  expect(second).toMatchObject({ round: 2, review: { kind: "plan" } });
  expect(JSON.stringify(suite.model.questions.at(-1))).toContain("<requested_changes>Subtract too");
  await suite.answer(started, { decision: "approve" });
  expect((await suite.settled(started)).review).toMatchObject({ kind: "result" });
});

test("cancelling ends what runs in the workspace", async () => {
  const name = `hangs-${crypto.randomUUID()}.test.js`;
  suite.model.script = follow({
    plan: {
      ...GOOD_PLAN,
      files: [planned("package.json"), planned(name)],
      commands: { test: [["node", "--test", name]] },
    },
    files: { [name]: "setInterval(() => {}, 1000);\nawait new Promise(() => {});\n" },
  });
  const started = await suite.start();
  await until("the test hangs", async () => (await processesNaming(name)) >= 2);
  await cancelRun(suite.db, { userId: started.desk.userId, runId: started.runId });
  expect((await suite.settled(started)).status).toBe("cancelled");
  await until("its processes are gone", async () => (await processesNaming(name)) === 0, 5_000);
  expect(await suite.slotsHeld(started)).toBe(0);
});

test("cancelling ends the model's call", async () => {
  const before = suite.model.abandoned;
  const good = follow({});
  suite.model.script = (question) => {
    const answer = good(question);
    // Some minutes of an answer.
    return askedPath(question) === "add.js" ? { text: "x".repeat(50_000), pieceMs: 200 } : answer;
  };
  const started = await suite.start();
  await until("the answer comes", async () =>
    (await suite.events(started)).some(
      (event) => event.type === "output" && event.step === "r1/write:add.js",
    ),
  );
  await cancelRun(suite.db, { userId: started.desk.userId, runId: started.runId });
  expect((await suite.settled(started)).status).toBe("cancelled");
  await until("the model hears of it", async () => suite.model.abandoned === before + 1, 5_000);
  expect(await suite.slotsHeld(started)).toBe(0);
});

/** Processes of this machine, those in sandboxes included, with the word in their command line. */
async function processesNaming(word: string): Promise<number> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(word)).length;
}
