import { afterAll, beforeAll, expect, test } from "vitest";
import { answerReview } from "#runs/answer-review.ts";
import { readTree } from "#snapshots/read-tree.ts";
import { type ScriptedModel, startScriptedModel } from "../../fakes/scripted-model.ts";
import type { Desk } from "../../support/runs.ts";
import {
  follow,
  GOOD_FILES,
  GOOD_PLAN,
  planned,
  resultFiles,
  settled,
  startRun,
  startScriptedStack,
} from "../../support/scripted-builder.ts";
import type { Stack } from "../../support/stack.ts";

let model: ScriptedModel;
let stack: Stack;

beforeAll(async () => {
  model = await startScriptedModel();
  stack = await startScriptedStack(model);
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await model?.close();
});

const EARLIER = { "notes.md": "kept\n", "lib/a.js": "// a\n", "lib/b.js": "// b\n", "run.py": "#!/bin/sh\n" };

/** An agent whose first version holds these files beside the adder. */
async function agentWith(files: Record<string, string>): Promise<Desk> {
  const more = Object.keys(files).map((path) => planned(path));
  model.script = follow({ plan: { ...GOOD_PLAN, files: [...GOOD_PLAN.files, ...more] }, files });
  const { desk, runId } = await startRun(stack);
  await settled(stack, { desk, runId });
  await answerReview(stack.database.db, { userId: desk.userId, runId, decision: "approve" });
  return desk;
}

/** Does to what is there all that a program can do; of each file the size stays as it was. */
const VANDAL = `import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
const spoil = (path) => writeFileSync(path, "x".repeat(readFileSync(path).length));
for (const path of ["main.js", "add.js", "notes.md", "lock.txt"]) spoil(path);
chmodSync("run.py", 0o644);
rmSync("lib", { recursive: true });
writeFileSync("lib", "a file now");
rmSync("package.json");
mkdirSync("package.json/inside", { recursive: true });
writeFileSync("trace.txt", "new");
`;

test("what programs did to any file is undone: of this run, of a version before, and of what was installed", async () => {
  const desk = await agentWith(EARLIER);
  const commands = {
    ...GOOD_PLAN.commands,
    install: [["sh", "-c", "echo made by installing > lock.txt"]],
    run: [["node", "main.js"]],
  };
  const plan = { ...GOOD_PLAN, files: [planned("main.js"), planned("add.js")], commands };
  model.script = follow({ plan, files: { "main.js": VANDAL } });
  const { review } = await settled(stack, await startRun(stack, {}, desk), 120_000);
  expect(review?.figures).toMatchObject({ testsPassed: 1, findings: 0 });
  const treeHash = review?.treeHash as string;
  expect(await resultFiles(stack, desk, treeHash)).toEqual({
    ...GOOD_FILES,
    ...EARLIER,
    "main.js": VANDAL,
    "lock.txt": "made by installing\n",
  });
  const entries = await readTree(stack.database.db, desk.userId, treeHash);
  expect(entries.find(({ path }) => path === "run.py")?.mode).toBe("100755");
}, 240_000);

test("tests that change what they test, and keep its size, change no result", async () => {
  const spoiling = `import { writeFileSync } from "node:fs";
${GOOD_FILES["add.test.js"]}test('spoils', () => writeFileSync('add.js', '${"x".repeat(GOOD_FILES["add.js"].length)}'));
`;
  model.script = follow({ files: { "add.test.js": spoiling } });
  const run = await startRun(stack);
  const { review } = await settled(stack, run);
  expect(review?.figures).toMatchObject({ testsPassed: 2, testsFailed: 0 });
  expect(await resultFiles(stack, run.desk, review?.treeHash as string)).toEqual({
    ...GOOD_FILES,
    "add.test.js": spoiling,
  });
}, 120_000);
