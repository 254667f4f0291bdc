import { expect, test } from "vitest";
import { testNames } from "#engines/builder/test-names.ts";

const TAP = `TAP version 13
# Subtest: adds
ok 1 - adds
  ---
  duration_ms: 1.2
  ...
not ok 2 - bad \\# one
  ---
  failureType: 'testCodeFailure'
  ...
ok 3 - skipped # SKIP
    not ok 1 - inner
      ---
      type: 'test'
      ...
    1..1
not ok 4 - suite
  ---
  duration_ms: 15.1
  type: 'suite'
  ...
# tests 5
`;

test("node:test names its tests, suites and skipped ones left out", () => {
  expect(testNames(["node", "--test"], TAP)).toEqual({ passed: ["adds"], failed: ["bad # one", "inner"] });
});

const UNITTEST = `test_a (test_x.T.test_a) ... ok
test_b (test_x.T)
It says. ... FAIL
test_c (test_x.T.test_c) ... 
  test_c (test_x.T.test_c) (n=1) ... FAIL
test_d (test_x.T.test_d) ... printed
ok
test_e (test_x.T.test_e) ... skipped 'later'

======================================================================
FAIL: test_b (test_x.T)
It says.
----------------------------------------------------------------------
AssertionError: None
ERROR: test_c (test_x.T.test_c) (n=1)
`;

test("unittest names its tests, with what they print and say between", () => {
  expect(testNames(["python3", "-m", "unittest", "-v"], UNITTEST)).toEqual({
    passed: ["test_x.T.test_a", "test_x.T.test_d"],
    failed: ["test_x.T.test_b", "test_x.T.test_c"],
  });
});

test("pytest names what failed", () => {
  const output =
    "tests/test_a.py::test_c PASSED [ 50%]\nFAILED tests/test_a.py::test_b - assert 1 == 2\nERROR tests/test_b.py::test_x\n";
  expect(testNames(["python3", "-m", "pytest"], output)).toEqual({
    passed: ["tests/test_a.py::test_c"],
    failed: ["tests/test_a.py::test_b", "tests/test_b.py::test_x"],
  });
});

test("names are few and short, and none are read where nobody knows how", () => {
  const lines = Array.from({ length: 500 }, (_, n) => `ok ${n} - ${n} ${"x".repeat(500)}`).join("\n");
  const { passed } = testNames(["node", "--test"], lines);
  expect(passed).toHaveLength(50);
  expect(passed[0]).toHaveLength(200);
  expect(testNames(["bash", "t.sh"], TAP)).toEqual({ passed: [], failed: [] });
});
