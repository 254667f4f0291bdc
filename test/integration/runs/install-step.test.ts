import { expect, test } from "vitest";
import { until } from "../../support/runs.ts";
import { askedPath, follow, GOOD_FILES, GOOD_PLAN, planned } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

const suite = scriptedSuite();

/** A prettier that adds a line to each program that it is to write. */
const FORMATTER = {
  ".prettierrc": "{}\n",
  "formatter/package.json": '{ "name": "prettier", "version": "1.0.0", "bin": "./format.mjs" }\n',
  "formatter/format.mjs": `#!/usr/bin/env node
import { appendFileSync } from "node:fs";
for (const path of process.argv.slice(process.argv.indexOf("--") + 1))
  if (process.argv.includes("--write") && path.endsWith(".js")) appendFileSync(path, "// formatted\\n");
`,
};

test("a project's own formatter is installed before it is asked, on the first go", async () => {
  const own = Object.keys(FORMATTER).map((path) => planned(path));
  suite.model.script = follow({
    plan: { ...GOOD_PLAN, files: [...GOOD_PLAN.files, ...own] },
    files: FORMATTER,
  });
  const first = await suite.start();
  expect((await suite.settled(first)).steps.map(({ key }) => key)).not.toContain("r1/install:1");
  await suite.answer(first, { decision: "approve" });

  const manifest = '{ "type": "module", "devDependencies": { "prettier": "file:./formatter" } }\n';
  const plan = { ...GOOD_PLAN, files: [planned("package.json"), planned("add.js")] };
  suite.model.script = follow({ plan, files: { "package.json": manifest } });
  const run = await suite.start({ of: first.desk });
  const { review, steps } = await suite.settled(run, 120_000);
  const result = await suite.files(run, review?.treeHash);
  expect(result["add.js"]).toBe(`${GOOD_FILES["add.js"]}// formatted\n`);
  expect(review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 0 });
  const proving = steps.map(({ key }) => key).filter((key) => !/plan|write/.test(key));
  expect(proving).toEqual(["r1/install:1", "r1/format:1", "r1/check:1", "r1/sum"]);
}, 240_000);

test("the same is not installed again for the next check, and is when what is needed changed", async () => {
  const commands = { ...GOOD_PLAN.commands, install: [["sh", "-c", "echo installed"]] };
  const edits = [{ path: "add.js", content: GOOD_FILES["add.js"] }];
  const broken = { "add.js": "export const add = () => 0;\n" };
  suite.model.script = follow({ plan: { ...GOOD_PLAN, commands }, files: broken, edits });
  const same = await suite.settled(await suite.start());
  const installs = (run: typeof same) => run.steps.map(({ key }) => key).filter((key) => /install/.test(key));
  expect(installs(same)).toEqual(["r1/install:1"]);
  const changed = [...edits, { path: "package.json", content: '{ "type": "module", "name": "adder" }\n' }];
  suite.model.script = follow({ plan: { ...GOOD_PLAN, commands }, files: broken, edits: changed });
  expect(installs(await suite.settled(await suite.start()))).toEqual(["r1/install:1", "r1/install:2"]);
}, 240_000);

test("a check that began when it still installed by itself goes on so, and installs once", async () => {
  const commands = { ...GOOD_PLAN.commands, install: [["sh", "-c", "echo installed"]] };
  const opened = Promise.withResolvers<void>();
  const answer = follow({ plan: { ...GOOD_PLAN, commands } });
  let waiting = false;
  suite.model.script = async (question) => {
    if (askedPath(question) !== null) {
      waiting = true;
      await opened.promise;
    }
    return answer(question);
  };
  const run = await suite.start();
  await until("a file is asked for", async () => waiting);
  await suite.stack.kill("runner");
  await suite.db.pool.query(
    `INSERT INTO run_steps (run_id, key, ordinal, title, status, started_at)
     VALUES ($1, 'r1/check:1', 100, 'Run the tests', 'running', now())`,
    [run.runId],
  );
  opened.resolve();
  await suite.stack.restart("runner");
  const { review, steps } = await suite.settled(run, 120_000);
  expect(review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 0 });
  expect(steps.map(({ key }) => key)).not.toContain("r1/install:1");
  const said = (await suite.events(run)).flatMap((event) =>
    event.type === "output" && event.text === "installed\n" ? [event.step] : [],
  );
  expect(said).toEqual(["r1/check:1"]);
}, 240_000);
