import { expect, test } from "vitest";
import { readTree } from "#snapshots/read-tree.ts";
import { follow, GOOD_FILES, GOOD_PLAN, planned } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

const suite = scriptedSuite();

const EARLIER = { "notes.md": "kept\n", "lib/a.js": "// a\n", "lib/b.js": "// b\n", "run.py": "#!/bin/sh\n" };

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
  const desk = await suite.agentWith(EARLIER);
  const commands = {
    ...GOOD_PLAN.commands,
    install: [["sh", "-c", "echo made by installing > lock.txt"]],
    run: [["node", "main.js"]],
  };
  const plan = { ...GOOD_PLAN, files: [planned("main.js"), planned("add.js")], commands };
  suite.model.script = follow({ plan, files: { "main.js": VANDAL } });
  const run = await suite.start({ of: desk });
  const { review } = await suite.settled(run, 120_000);
  expect(review?.figures).toMatchObject({ testsPassed: 1, findings: 0 });
  const treeHash = review?.treeHash as string;
  expect(await suite.files(run, treeHash)).toEqual({
    ...GOOD_FILES,
    ...EARLIER,
    "main.js": VANDAL,
    "lock.txt": "made by installing\n",
  });
  const entries = await readTree(suite.db, desk.userId, treeHash);
  expect(entries.find(({ path }) => path === "run.py")?.mode).toBe("100755");
}, 240_000);

test("tests that change what they test, and keep its size, change no result", async () => {
  const spoiling = `import { writeFileSync } from "node:fs";
${GOOD_FILES["add.test.js"]}test('spoils', () => writeFileSync('add.js', '${"x".repeat(GOOD_FILES["add.js"].length)}'));
`;
  suite.model.script = follow({ files: { "add.test.js": spoiling } });
  const run = await suite.start();
  const { review } = await suite.settled(run);
  expect(review?.figures).toMatchObject({ testsPassed: 2, testsFailed: 0 });
  expect(await suite.files(run, review?.treeHash)).toEqual({
    ...GOOD_FILES,
    "add.test.js": spoiling,
  });
}, 120_000);
