import { afterAll, beforeAll, expect, test } from "vitest";
import { whyNoDocker } from "./engine.ts";
import { findingsOf, type Proving, startProving } from "./proving.ts";

const reason = await whyNoDocker();
let proving: Proving | undefined;

beforeAll(async () => {
  if (reason === null) proving = await startProving();
}, 120_000);
afterAll(async () => proving?.stop());

const PYTEST = (sum: number) => `def test_holds():
    assert True


def test_sum():
    assert 1 + 1 == ${sum}
`;
const UNITTEST = (sum: number) => `import unittest


class Sums(unittest.TestCase):
    def test_holds(self):
        self.assertTrue(True)

    def test_sum(self):
        self.assertEqual(1 + 1, ${sum})
`;
const NODE = (sum: number) => `import assert from "node:assert";
import test from "node:test";
test("holds", () => assert.ok(true));
test("sum", () => assert.equal(1 + 1, ${sum}));
`;
const VITEST = (sum: number) => `import { expect, test } from "vitest";
test("holds", () => expect(true).toBe(true));
test("sum", () => expect(1 + 1).toBe(${sum}));
`;
const JEST = (sum: number) => `test("holds", () => expect(true).toBe(true));
test("sum", () => expect(1 + 1).toBe(${sum}));
`;

const filesWith = (sum: number) => ({
  "package.json": '{ "private": true, "scripts": { "test": "vitest run v" } }\n',
  "py/test_pytest.py": PYTEST(sum),
  "test_unittest.py": UNITTEST(sum),
  "n/sums.test.mjs": NODE(sum),
  "v/sums.test.mjs": VITEST(sum),
  "j/sums.test.js": JEST(sum),
});

const COMMANDS = {
  test: [
    ["node", "--test", "n/sums.test.mjs"],
    ["python3", "-m", "unittest", "test_unittest"],
    ["pytest", "py"],
    ["npm", "test"],
    ["npx", "jest", "j/sums"],
  ],
};

test("every runner is read by its report: its tests are counted, and each that fails has a place", async (context) => {
  if (!proving) return context.skip(reason ?? "");
  const edits = Object.entries(filesWith(2)).map(([path, content]) => ({ path, content }));
  const { run, events } = await proving.build({ files: filesWith(3), commands: COMMANDS, edits });
  const failed = findingsOf(events, "r1/check:1").filter((line) => / error .*(sum|Sum)/.test(line));
  expect(failed).toEqual([
    expect.stringMatching(/^node:test error n\/sums\.test\.mjs:4 sum: /),
    expect.stringMatching(
      /^unittest error test_unittest\.py:9 test_unittest\.Sums\.test_sum: AssertionError: 2 != 3$/,
    ),
    expect.stringMatching(/^pytest error py\/test_pytest\.py:6 test_sum: /),
    expect.stringMatching(/^vitest error v\/sums\.test\.mjs:3 sum: /),
    expect.stringMatching(/^jest error j\/sums\.test\.js:2 sum: /),
  ]);
  expect(findingsOf(events, "r1/check:2").filter((line) => line.includes(" error "))).toEqual([]);
  expect(run).toMatchObject({
    status: "awaiting_review",
    review: { figures: { testsPassed: 10, testsFailed: 0 } },
  });
}, 300_000);
