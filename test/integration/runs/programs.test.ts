import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { until } from "../../support/runs.ts";
import { follow, GOOD_FILES, GOOD_PLAN, planned, type ScriptedRun } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

const suite = scriptedSuite();

async function start(program: string, edits: { path: string; content: string }[] = []): Promise<ScriptedRun> {
  const files = [...GOOD_PLAN.files, planned("main.js")];
  const commands = { ...GOOD_PLAN.commands, run: [["node", "main.js"]] };
  suite.model.script = follow({
    plan: { ...GOOD_PLAN, files, commands },
    files: { ...GOOD_FILES, "main.js": program },
    edits,
  });
  return suite.start();
}

const told = async (run: ScriptedRun) =>
  (await suite.events(run)).flatMap((event) =>
    event.type === "finding" && event.tool === "run" ? [`${event.severity} ${event.message}`] : [],
  );

/** Says that it was started, and ends when it is told to. */
const WAITING = `import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
appendFileSync(".carrel/starts", "started\\n");
appendFileSync("trace.txt", "I was here\\n");
while (!existsSync(".carrel/go")) await pause(20);
`;

test("a runner that dies while a program runs joins it when it is back: started once, told once, its traces taken away", async () => {
  const run = await start(WAITING);
  const inside = path.join(suite.directoryOf(run.desk), ".carrel");
  const starts = () => readFile(path.join(inside, "starts"), "utf8").catch(() => "");
  await until("the program runs", async () => (await starts()) !== "", 120_000);
  await suite.stack.kill("runner");
  await suite.stack.restart("runner");
  await writeFile(path.join(inside, "go"), "");
  const { status, review } = await suite.settled(run, 120_000);
  expect(status).toBe("awaiting_review");
  expect(await suite.files(run, review?.treeHash)).not.toHaveProperty("trace.txt");
  expect(await starts()).toBe("started\n");
  expect(await told(run)).toEqual([expect.stringMatching(/^info node main\.js: ran to its end in \d+ ms$/)]);
}, 300_000);

test("a program that never ends is ended, said, and repaired", async () => {
  const run = await start("setInterval(() => {}, 1000);\n", [{ path: "main.js", content: "\n" }]);
  expect((await suite.settled(run, 240_000)).review?.summary).toContain("1 test ran and passed. One repair");
  expect(await told(run)).toEqual([
    "error node main.js: It did not end within 60 seconds and was stopped.",
    expect.stringMatching(/^info node main\.js: ran to its end/),
  ]);
}, 300_000);
