import { rm } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { FILES_AT_ONCE, WHOLE_DEPENDENCY } from "#engines/builder/tunables.ts";
import type { Question } from "../../fakes/scripted-model.ts";
import { runnerOf } from "../../support/runner-of.ts";
import { runState, until } from "../../support/runs.ts";
import { askedPath, follow, GOOD_FILES, GOOD_PLAN, planned } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

const suite = scriptedSuite({ runners: 2 });

const MANY = 3 * FILES_AT_ONCE;
const names = Array.from({ length: MANY }, (_, n) => `data${n}.txt`);
const FILES = { ...GOOD_FILES, ...Object.fromEntries(names.map((name) => [name, `the text of ${name}\n`])) };
const PLAN = { ...GOOD_PLAN, files: [...names.map((name) => planned(name)), ...GOOD_PLAN.files] };
const answer = follow({ plan: PLAN, files: FILES });

/** Answers files only when so many are asked for at the same time; notes how many ever were. */
function barrier(width: number) {
  const opened = Promise.withResolvers<void>();
  const seen = { now: 0, most: 0, opened: opened.promise, open: opened.resolve };
  const script = async (question: Question) => {
    if (askedPath(question) === null) return answer(question);
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    if (seen.now === width) opened.resolve();
    await opened.promise;
    seen.now -= 1;
    return answer(question);
  };
  return { seen, script };
}

test("independent files are written at the same time, as many as may be and no more", async () => {
  const { seen, script } = barrier(FILES_AT_ONCE);
  suite.model.script = script;
  const run = await suite.start();
  const { review } = await suite.settled(run);
  expect(review?.figures).toMatchObject({ files: MANY + 3, testsPassed: 1, testsFailed: 0 });
  expect(seen.most).toBe(FILES_AT_ONCE);
  expect(await suite.files(run, review?.treeHash)).toEqual(FILES);
});

test("a runner killed with eight files under way: the same files, each paid once, no event lost or doubled", async () => {
  const { seen, script } = barrier(MANY);
  suite.model.script = script;
  const run = await suite.start();
  await until("eight files are under way", async () => seen.now === FILES_AT_ONCE);
  const part = await runnerOf(suite.stack, run.desk.userId);
  await suite.stack.kill(part);
  seen.open();
  const { review } = await suite.settled(run);
  expect((await runState(suite.db, run.runId)).fence).toBeGreaterThan(1);
  expect(await suite.files(run, review?.treeHash)).toEqual(FILES);
  const events = await suite.events(run);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  for (const path of Object.keys(FILES)) {
    const ofFile = events.filter((event) => "step" in event && event.step === `r1/write:${path}`);
    expect(ofFile.map(({ type }) => type)).toEqual([
      "step",
      "plan",
      "usage_update",
      "output",
      "file_changed",
      "step",
    ]);
  }
  const charged = await suite.charges(run);
  expect(Object.values(charged).every((times) => times === 1)).toBe(true);
  expect(await suite.slotsHeld(run)).toBe(0);
  await suite.stack.restart(part);
}, 120_000);

test("what the workspace lost of the files that were done is written again", async () => {
  const { seen, script } = barrier(MANY);
  suite.model.script = async (question) =>
    askedPath(question) === "data0.txt" ? answer(question) : script(question);
  const run = await suite.start();
  const isDone = async () =>
    (await suite.events(run)).some(
      (event) => event.type === "step" && event.key === "r1/write:data0.txt" && event.status === "done",
    );
  await until(
    "one file is done, and the others are under way",
    async () => seen.now === FILES_AT_ONCE && (await isDone()),
  );
  const part = await runnerOf(suite.stack, run.desk.userId);
  await suite.stack.kill(part);
  await rm(path.join(suite.directoryOf(run.desk), "data0.txt"));
  seen.open();
  const { review } = await suite.settled(run);
  expect(await suite.files(run, review?.treeHash)).toEqual(FILES);
  expect((await suite.charges(run))["r1/write:data0.txt"]).toBe(1);
  await suite.stack.restart(part);
}, 120_000);

test("a file is begun when what it needs is written, and its question holds that and not the rest", async () => {
  const long = Array.from(
    { length: 300 },
    (_, n) => `export function f${n}(a, b) {\n  return a + b + ${n}; // inner\n}`,
  );
  const files = {
    ...GOOD_FILES,
    "base.js": `${long.join("\n")}\n`,
    "other.js": "export const other = 'unseen';\n",
  };
  const plan = {
    ...GOOD_PLAN,
    files: [
      planned("user.js", ["base.js", "add.js"]),
      planned("base.js"),
      planned("other.js"),
      ...GOOD_PLAN.files,
    ],
  };
  const script = follow({ plan, files: { ...files, "user.js": "import './base.js';\n" } });
  const answered: string[] = [];
  suite.model.script = async (question) => {
    const path = askedPath(question) ?? "";
    if (path === "user.js") expect(answered).toEqual(expect.arrayContaining(["base.js", "add.js"]));
    // What others need comes last: who did not wait would be seen.
    if (path === "base.js") await until("the rest is written", async () => answered.includes("add.test.js"));
    answered.push(path);
    return script(question);
  };
  const run = await suite.start();
  expect((await suite.settled(run)).review?.figures).toMatchObject({ files: 6, testsFailed: 0 });
  const asked = String(
    suite.model.questions.find((question) => askedPath(question) === "user.js")?.messages[0]?.content,
  );
  expect(asked).toContain('<file path="base.js" shown="interface">');
  expect(asked).toContain("export function f7(a, b) {");
  expect(asked).not.toContain("// inner");
  expect(asked).toContain(GOOD_FILES["add.js"]);
  expect(asked).not.toContain("unseen");
  expect(asked.length).toBeLessThan(WHOLE_DEPENDENCY + 4_000);
});

test("when one file fails no other is begun, and those under way are brought to their end", async () => {
  const { seen, script } = barrier(FILES_AT_ONCE);
  suite.model.script = async (question) => ({
    ...(await script(question)),
    ...(askedPath(question) === "data3.txt" ? { stopReason: "refusal" } : {}),
  });
  const run = await suite.start();
  expect(await suite.settled(run)).toMatchObject({ status: "failed", error: { code: "upstream_failed" } });
  expect(seen.most).toBe(FILES_AT_ONCE);
  const { rows } = await suite.db.pool.query(
    "SELECT status, count(*)::int AS n FROM run_steps WHERE run_id = $1 AND key LIKE 'r1/write:%' GROUP BY 1",
    [run.runId],
  );
  const counts = Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  expect(counts.failed).toBe(1);
  expect(counts.running).toBeUndefined();
  expect(counts.done).toBeLessThan(2 * FILES_AT_ONCE);
});

test("a ceiling that one worst case fills is no reason to fail: the files wait for each other's money", async () => {
  suite.model.script = answer;
  const run = await suite.start({ ceilingMicroUsd: 165_000 });
  const { status, error } = await suite.settled(run);
  expect({ status, error }).toEqual({ status: "awaiting_review", error: null });
});
