import { expect, test } from "vitest";
import type { CheckResult } from "#engines/builder/check-project.ts";
import { fruitlessAttempts } from "#engines/builder/repairs/headway.ts";
import { tellAttempts } from "#engines/builder/repairs/tell-attempts.ts";
import { isTestFile } from "#engines/builder/repairs/test-files.ts";

const check = (passed: number, failing: string[], more: Partial<CheckResult> = {}): CheckResult => ({
  passed,
  failed: failing.length,
  unreadable: 0,
  failing,
  failures: failing.length > 0 ? [{ command: "node --test", exit: "1", output: "…" }] : [],
  ...more,
});

test.each([
  ["nothing was tried", [check(3, ["a", "b"])], 0],
  ["one failure less", [check(3, ["a", "b"]), check(4, ["b"])], 0],
  ["the same fail", [check(3, ["a"]), check(3, ["a"])], 1],
  ["as many others fail", [check(3, ["a"]), check(3, ["b"])], 1],
  ["the same fail, and a new test passes", [check(3, ["a"]), check(4, ["a"])], 1],
  ["more fail of more tests, and more pass", [check(0, ["file"]), check(6, ["a", "b"])], 0],
  ["fewer fail because their file cannot be read any more", [check(9, ["a", "b"]), check(0, ["file"])], 1],
  ["a tool finds less", [check(3, [], { errors: 2 }), check(3, [], { errors: 1 })], 0],
  ["no headway, and then some", [check(3, ["a"]), check(3, ["a"]), check(4, [])], 0],
  ["down and back up to where it was", [check(3, ["a"]), check(1, ["a", "b"]), check(3, ["a"])], 2],
])("headway: %s", (_what, checks, fruitless) => {
  expect(fruitlessAttempts(checks)).toBe(fruitless);
});

test("an attempt is told with its files, its words and what failed after it", () => {
  const attempts = [{ explanation: "I thought so.", edits: [{ path: "a.js", content: "long" }] }];
  expect(tellAttempts([check(1, ["a"]), check(2, ["b", "c"])], attempts)).toEqual([
    { paths: ["a.js"], explanation: "I thought so.", failed: "2 failed, 2 passed: b, c" },
  ]);
});

test.each(["add.test.js", "src/x.spec.tsx", "test_a.py", "pkg/a_test.py", "tests/data.json", "conftest.py"])(
  "%s is a file of tests",
  (path) => {
    expect(isTestFile(path)).toBe(true);
  },
);

test.each(["add.js", "contest.py", "latest/a.js", "testing.py", "src/attest.ts"])("%s is none", (path) => {
  expect(isTestFile(path)).toBe(false);
});
