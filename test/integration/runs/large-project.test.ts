import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { askedPath, follow, GOOD_FILES, GOOD_PLAN, planned } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

const suite = scriptedSuite();

const LAYERS = 10;
const MODULES = 97;
const LINES = 207;

/** Modules in layers, each of which adds up the first modules of the layer before. */
function project() {
  const files: Record<string, string> = {};
  const plan: ReturnType<typeof planned>[] = [];
  const nameOf = (n: number) => `src/module${n}.js`;
  for (let n = 0; n < MODULES; n += 1) {
    const layer = Math.floor((n * LAYERS) / MODULES);
    const needed = n < LAYERS ? [] : [n - LAYERS, Math.max(0, n - 2 * LAYERS)];
    const imports = needed
      .map((other, at) => `import { total as t${at} } from "./module${other}.js";\n`)
      .join("");
    const names = Array.from({ length: LINES - needed.length - 1 }, (_, line) => `v${line}`);
    const values = names
      .map((name, line) => `const ${name} = ${line % 10}; // 값 ${line}, layer ${layer}\n`)
      .join("");
    const sum = [...needed.map((_, at) => `t${at}`), ...names.slice(0, 11)].join(" + ");
    files[nameOf(n)] = `${imports}${values}export const total = ${sum};\n`;
    plan.push(planned(nameOf(n), [...new Set(needed)].map(nameOf)));
  }
  const last = `import test from 'node:test';\nimport assert from 'node:assert';\nimport { total } from './${nameOf(MODULES - 1)}';\ntest('adds up', () => assert.ok(total > 45));\n`;
  files["add.test.js"] = last;
  plan.push(planned("package.json"), planned("add.js"), planned("add.test.js", [nameOf(MODULES - 1)]));
  return { files: { ...GOOD_FILES, ...files }, plan: { ...GOOD_PLAN, files: plan } };
}

/** Bytes of memory that the process alone has. */
async function memoryOf(pid: number): Promise<number> {
  const kilobytes = /^RssAnon:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

test("a project of 100 files and 20,000 lines is written in one run, and the runner's memory stays flat", async () => {
  const { files, plan } = project();
  expect(plan.files).toHaveLength(100);
  const lines = Object.values(files).reduce((sum, text) => sum + text.split("\n").length - 1, 0);
  expect(lines).toBeGreaterThanOrEqual(20_000);
  const memory: number[] = [];
  const answer = follow({ plan, files });
  suite.model.script = async (question) => {
    if (askedPath(question) !== null) memory.push(await memoryOf(suite.stack.pid("runner")));
    return answer(question);
  };
  const run = await suite.start();
  const { review } = await suite.settled(run, 240_000);
  expect(review?.figures).toMatchObject({ files: 100, testsPassed: 1, testsFailed: 0 });
  expect(await suite.files(run, review?.treeHash)).toEqual(files);
  expect(Object.values(await suite.charges(run)).every((times) => times === 1)).toBe(true);
  expect(memory).toHaveLength(100);
  const most = (from: number, to: number) => Math.max(...memory.slice(from, to)) / 1024 ** 2;
  const [early, late] = [most(10, 50), most(50, 100)];
  console.info(
    `the runner's own memory: ${early.toFixed(0)} MB before the 50th file, ${late.toFixed(0)} MB after`,
  );
  expect(late).toBeLessThan(early * 1.3);
}, 300_000);
