import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Finished, runNode } from "../../support/run-node.ts";

const VITEST = path.resolve("node_modules/vitest/vitest.mjs");

/** Runs a test file of this content with our reporter and set-up, in a folder of its own in the checkout. */
async function runTests(content: string, env: Record<string, string> = {}): Promise<Finished> {
  const dir = path.resolve("node_modules/.cache", `closing-lines-${process.pid}-${Date.now()}`);
  await mkdir(dir, { recursive: true });
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await writeFile(path.join(dir, "planted.test.ts"), content);
  await writeFile(
    path.join(dir, "vitest.config.ts"),
    `export default { test: {
      include: ["*.test.ts"],
      exclude: [],
      reporters: [${JSON.stringify(path.resolve("test/support/closing-lines.ts"))}],
      setupFiles: [${JSON.stringify(path.resolve("test/support/fail-on-console-error.ts"))}],
    } };`,
  );
  return runNode([VITEST, "run", "--root", dir], env);
}

function closing({ stdout }: Finished, lines: number): string[] {
  return stdout.trimEnd().split("\n").slice(-lines);
}

test("the last line counts what passed, what failed and what was skipped, by name and reason before it", async () => {
  const finished = await runTests(`
    import { expect, test } from "vitest";
    test("one", () => {});
    test("two", () => expect(1).toBe(2));
    test("three", ({ skip }) => skip(true, "needs a browser"));
    test.skip("four", () => {});`);
  expect(closing(finished, 3)).toEqual([
    "skipped  three: needs a browser",
    "skipped  four: no reason given",
    "1 passed, 1 failed, 2 skipped",
  ]);
  expect(finished.code).toBe(1);
});

test("without anything skipped the last line has two counts", async () => {
  const finished = await runTests(`import { test } from "vitest"; test("one", () => {});`);
  expect(closing(finished, 1)).toEqual(["1 passed, 0 failed"]);
  expect(finished.code).toBe(0);
});

test("a test file that cannot be loaded counts as a failure", async () => {
  const finished = await runTests(`throw new Error("planted");`);
  expect(closing(finished, 1)).toEqual(["0 passed, 1 failed"]);
  expect(finished.code).toBe(1);
});

test("an error on the console that nobody expects fails a test", async () => {
  const finished = await runTests(`
    import { test } from "vitest";
    import { allowConsoleError } from ${JSON.stringify(path.resolve("test/support/fail-on-console-error.ts"))};
    test("quiet", () => console.error("planted"));
    test("expected", () => { allowConsoleError(); console.error("planted"); });`);
  expect(closing(finished, 1)).toEqual(["1 passed, 1 failed"]);
});

test("where CI=true a skipped test fails the run", async () => {
  const skips = `import { test } from "vitest"; test("one", ({ skip }) => skip(true, "needs a browser"));`;
  const finished = await runTests(skips, { CI: "true" });
  expect(closing(finished, 2)).toEqual([
    "Nothing may be skipped where CI=true.",
    "0 passed, 0 failed, 1 skipped",
  ]);
  expect(finished.code).toBe(1);
  expect((await runTests(skips)).code).toBe(0);
});
