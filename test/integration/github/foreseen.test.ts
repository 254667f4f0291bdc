import { extname } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Review } from "#api/schema/run.ts";
import type { Plan } from "#engines/builder/plan.ts";
import { answerReview } from "#runs/answer-review.ts";
import { readRun } from "#runs/read-run.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { type FakeGitHub, startFakeGitHub } from "../../fakes/github.ts";
import { type Question, type ScriptedModel, startScriptedModel } from "../../fakes/scripted-model.ts";
import { allEvents, untilReview } from "../../support/builder-runs.ts";
import { type Author, connect, untilPublished } from "../../support/publishing.ts";
import { type Desk, makeDesk, runState, until } from "../../support/runs.ts";
import { type Stack, startStack } from "../../support/stack.ts";

vi.setConfig({ testTimeout: 300_000 });

// Runs of the builder in a real workspace, whose results cannot be published as they are.
let fake: FakeGitHub;
let model: ScriptedModel;
let stack: Stack;

beforeAll(async () => {
  fake = await startFakeGitHub({ repositories: [{ owner: "alice", name: "desk", autoInit: true }] });
  model = await startScriptedModel();
  stack = await startStack({
    parts: ["gateway", "runner"],
    env: { ...fake.env, ANTHROPIC_API_KEY: "sk-ant-scripted", ANTHROPIC_BASE_URL: model.url },
  });
}, 120_000);

afterAll(async () => {
  await stack?.stop();
  await model?.close();
  await fake?.close();
});

// Put together here, so that no scanner takes this file for a leak.
const KEY = ["ghp", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"].join("_");

/** What a model would write that has read too much; its test leaves a link and private settings behind. */
const BAD: Record<string, string> = {
  "package.json": '{ "type": "module" }\n',
  "config.js": `// settings\nexport const token = "${KEY}";\n`,
  "check.test.js": `import test from 'node:test';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
test('works', () => {
  rmSync('passwd', { force: true });
  symlinkSync('/etc/passwd', 'passwd');
  writeFileSync('.env', 'A=1');
});
`,
  ".github/workflows/ci.yml": "on: push\n",
};
const { ".github/workflows/ci.yml": _workflow, ...REST } = BAD;
const GOOD = { ...REST, "config.js": "export const token = process.env.TOKEN;\n" };

const LANGUAGES: Record<string, string> = { ".js": "javascript", ".json": "json", ".yml": "yaml" };

function planOf(files: Record<string, string>): Plan {
  return {
    title: "settings",
    summary: "It has settings.",
    language: "en",
    files: Object.keys(files).map((path) => ({
      path,
      purpose: `the file ${path}`,
      language: LANGUAGES[extname(path)] ?? "text",
      complexity: "low",
      dependsOn: [],
    })),
    commands: { test: [["node", "--test"]] },
    testStrategy: "",
  };
}

const follow = (files: Record<string, string>) => (question: Question) => {
  if (question.system.startsWith("You are Carrel's architect"))
    return { tool: { name: "propose_plan", input: planOf(files) } };
  const path = /<path>(.*)<\/path>/.exec(String(question.messages[0]?.content))?.[1] ?? "";
  return { text: files[path] ?? "" };
};

async function run(userId: string, agentId: string): Promise<string> {
  const { db } = stack.database;
  await db.pool.query("UPDATE agents SET model = 'claude-haiku-4-5' WHERE id = $1", [agentId]);
  return (await submitMessage(db, { userId, agentId, text: "Settings, please" })).run.id;
}

const reviewOf = async (userId: string, runId: string) =>
  Review.parse((await readRun(stack.database.db, userId, runId)).review);

const LEFT_OUT = [
  { code: "left_out", path: ".env", message: expect.stringContaining("private") },
  { code: "left_out", path: "passwd", message: expect.stringContaining("link") },
];
const SECRET = { code: "secret", path: "config.js", line: 2, message: expect.any(String) };

test("without a repository the review names the secret with file and line, masked, and what is left out", async () => {
  model.script = follow(BAD);
  const { userId, agents }: Desk = await makeDesk(stack.database.db);
  const runId = await run(userId, agents[0] as string);
  await untilReview(stack.database.db, runId);
  const { obstacles, kind } = await reviewOf(userId, runId);
  expect(kind).toBe("result");
  expect(obstacles).toEqual([SECRET, ...LEFT_OUT]);
  const asked = (await allEvents(stack.database.db, runId)).find(({ type }) => type === "review_requested");
  expect(asked).toMatchObject({ obstacles });
  expect(JSON.stringify(asked)).not.toContain(KEY.slice(8));
});

test("with one, workflows that the App may not change are named too; approving keeps the version, which is blocked", async () => {
  const { db } = stack.database;
  const author: Author = await connect(db, fake, { owner: "alice", name: "desk", agent: "Settings" });
  const runId = await run(author.userId, author.agentId);
  await untilReview(db, runId);
  const { obstacles, treeHash } = await reviewOf(author.userId, runId);
  expect(obstacles).toEqual([
    { code: "workflow", path: ".github/workflows/ci.yml", message: expect.stringContaining("permission") },
    SECRET,
    ...LEFT_OUT,
  ]);
  await answerReview(db, {
    userId: author.userId,
    runId,
    decision: "approve",
    treeHash: treeHash ?? undefined,
  });
  const { publishing } = await untilPublished(db, author, 1);
  expect(publishing).toMatchObject({ state: "blocked", reason: { code: "workflow" } });
  expect(publishing.reason?.places).toEqual(obstacles.filter(({ code }) => code !== "left_out"));
});

test("an agent that publishes without a question asks when its result could not be published, and not when it could", async () => {
  const { db } = stack.database;
  const author: Author = await connect(db, fake, { owner: "alice", name: "desk", agent: "Alone" });
  await db.pool.query(`UPDATE agents SET policy = '{"approvePlan":false,"publish":"auto"}' WHERE id = $1`, [
    author.agentId,
  ]);
  const bad = await run(author.userId, author.agentId);
  await untilReview(db, bad);
  await answerReview(db, { userId: author.userId, runId: bad, decision: "reject" });
  model.script = follow(GOOD);
  const next: Author = await connect(db, fake, { owner: "alice", name: "desk", agent: "Alone too" });
  await db.pool.query(`UPDATE agents SET policy = '{"approvePlan":false,"publish":"auto"}' WHERE id = $1`, [
    next.agentId,
  ]);
  const good = await run(next.userId, next.agentId);
  await until("the run succeeds", async () => (await runState(db, good)).status === "succeeded");
  expect((await untilPublished(db, next, 1)).publishing.state).toBe("published");
});
