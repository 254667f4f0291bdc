import { expect, test } from "vitest";
import { countTests } from "#engines/builder/count-tests.ts";
import { countableCommand } from "#engines/builder/test-command.ts";

const UNITTEST = ["python3", "-m", "unittest", "discover"];
const NODE = ["node", "--test"];

test.each([
  ["all passed", "....\nRan 4 tests in 0.001s\n\nOK\n", { passed: 4, failed: 0 }],
  [
    "some failed",
    "Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)\n",
    { passed: 2, failed: 2 },
  ],
  [
    "some were skipped",
    "Ran 3 tests in 0.1s\n\nOK (skipped=1, expected failures=1)\n",
    { passed: 2, failed: 0 },
  ],
  [
    "one passed that should not",
    "Ran 2 tests in 0.1s\n\nFAILED (unexpected successes=1)\n",
    { passed: 1, failed: 1 },
  ],
  ["none ran", "Ran 0 tests in 0.000s\n\nOK\n", { passed: 0, failed: 0 }],
  ["none ran, as newer ones say", "Ran 0 tests in 0.000s\n\nNO TESTS RAN\n", { passed: 0, failed: 0 }],
  ["a class could not be set up", "Ran 0 tests in 0.0s\n\nFAILED (errors=1)\n", { passed: 0, failed: 1 }],
  ["it said nothing", "Segmentation fault\n", null],
])("unittest: %s", (_what, output, count) => {
  expect(countTests(UNITTEST, output)).toEqual(count);
});

test.each([
  [
    "summary",
    "TAP version 13\nok 1 - a\n# tests 3\n# suites 1\n# pass 2\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0\n",
    { passed: 2, failed: 1 },
  ],
  ["cancelled ones failed", "# tests 2\n# pass 1\n# fail 0\n# cancelled 1\n", { passed: 1, failed: 1 }],
  ["a program that prints the same first", "# pass 99\n# pass 1\n# fail 0\n", { passed: 1, failed: 0 }],
  ["it broke off", "TAP version 13\nok 1 - a\n", null],
])("node:test: %s", (_what, output, count) => {
  expect(countTests(NODE, output)).toEqual(count);
});

test("pytest", () => {
  const output = "=== 1 failed, 3 passed, 2 errors in 0.05s ===\n";
  expect(countTests(["python3", "-m", "pytest"], output)).toEqual({ passed: 3, failed: 3 });
});

test("a command whose results nobody can read proves nothing", () => {
  expect(countTests(["bash", "test.sh"], "all good")).toBeNull();
});

test("test commands are run with output that can be counted", () => {
  expect(countableCommand(["node", "--test", "test/"])).toEqual([
    "node",
    "--test",
    "--test-reporter=tap",
    "test/",
  ]);
  expect(countableCommand(["python3", "-m", "unittest", "-q"])).toEqual(["python3", "-m", "unittest", "-v"]);
  expect(countableCommand(["bash", "x.sh"])).toEqual(["bash", "x.sh"]);
});
