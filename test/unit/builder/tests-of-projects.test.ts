import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { readJest } from "#engines/builder/tests/read-jest.ts";
import { readJunit } from "#engines/builder/tests/read-junit.ts";
import { placeOf, type ReadReport } from "#engines/builder/tests/test-report.ts";
import { testRunner } from "#engines/builder/tests/test-runner.ts";
import { readUnittest } from "#engines/builder/tests/unittest.ts";

/** What the runners left in the workspace image: genuine. */
const recorded = (name: string) =>
  readFileSync(path.join(import.meta.dirname, `../../recorded/${name}.txt`), "utf8");

const PATHS = ["test_sums.py", "test_missing.py", "sums.test.js", "missing.test.js"];

test.each<[string, ReadReport, number, string[]]>([
  [
    "node-test",
    readJunit,
    2,
    [
      "missing.test.js undefined:undefined",
      "says <wrong> & &quot;so&quot; sums.test.js:4",
      "throws sums.test.js:8",
    ],
  ],
  [
    "pytest",
    readJunit,
    2,
    ["test_wrong test_sums.py:11", "test_small[2] test_sums.py:20", "test_errs test_sums.py:25"],
  ],
  ["pytest-broken", readJunit, 0, ["test_missing test_missing.py:1"]],
  [
    "unittest",
    readUnittest,
    1,
    [
      "test_sums.Sums.test_wrong test_sums.py:9",
      "test_sums.Sums.test_breaks test_sums.py:12",
      "setUpClass (test_sums.Unready) test_sums.py:26",
      "test_sums.Sums.test_unexpected undefined:undefined",
    ],
  ],
  ["vitest", readJest, 1, ["missing.test.js missing.test.js:1", "group is wrong sums.test.js:5"]],
  ["jest", readJest, 1, ["group is wrong sums.test.js:4", "missing.test.js missing.test.js:1"]],
])("%s: what passed is counted, and each failure has a name and a place", (name, read, passed, failures) => {
  const report = read(recorded(name));
  const told = report?.failures.map((failure) => {
    const { path: file, line } = placeOf(failure.text, PATHS);
    return `${failure.name} ${file}:${line}`;
  });
  expect({ ...report, failures: told }).toEqual({
    passed,
    passing: expect.any(Array),
    failed: failures.length,
    failures,
  });
  expect(report?.passing).toHaveLength(passed);
});

test.each<[string, ReadReport]>([
  ["node-test", readJunit],
  ["unittest", readUnittest],
  ["vitest", readJest],
])("%s that broke off has counted nothing", (name, read) => {
  const whole = recorded(name).trimEnd();
  for (const output of ["", "null", "{}", "[]", whole.slice(0, -3), whole.slice(0, whole.length / 2)])
    expect(read(output)).toBeNull();
});

const REPORT = ".carrel/r";

test.each([
  ["node --test test/", "node:test", "--test-reporter=junit"],
  ["node --test --test-reporter=spec", "node:test", "--test-reporter=junit"],
  ["node --test-reporter spec --test", "node:test", "--test-reporter=junit"],
  ["node --test --test-reporter-destination stdout", "node:test", "--test-reporter=junit"],
  ["python3 -m unittest discover -q", "unittest", "-v"],
  ["python3 -m pytest tests", "pytest", `--junitxml=${REPORT}`],
  ["pytest", "pytest", `--junitxml=${REPORT}`],
  ["npx --yes vitest", "vitest", `--outputFile.json=${REPORT}`],
  ["npx jest", "jest", `--outputFile=${REPORT}`],
])("%s leaves a report", (command, name, option) => {
  const runner = testRunner(command.split(" "), REPORT);
  expect(runner?.name).toBe(name);
  expect(runner?.argv).toContain(option);
  expect(runner?.argv).toContainEqual(expect.stringContaining(REPORT));
  expect(runner?.argv.join(" ")).not.toMatch(/[ =]spec|destination stdout/);
});

test("a command whose results nobody can read proves nothing", () => {
  expect(testRunner(["bash", "test.sh"], REPORT)).toBeNull();
  expect(testRunner(["node", "add.js"], REPORT)).toBeNull();
});

test("a report full of openings without an end is read once", () => {
  const openings = "<![CDATA[".repeat(200_000);
  expect(readJunit(`<testsuites><testcase name="a"/>${openings}</testsuites>`)).toMatchObject({
    passed: 1,
    failed: 0,
  });
});

test("a report of elements deep within each other is given up, and proves nothing", () => {
  const deep = `${"<a>".repeat(500_000)}${"</b>".repeat(500_000)}`;
  expect(readJunit(`<testsuites><testcase name="a"/>${deep}</testsuites>`)).toBeNull();
});

test("text of a failure may stand in CDATA and in entities, and is no tag there", () => {
  const failure =
    '<failure message="a &lt;b&gt; &#x1F600;"><![CDATA[<testcase name="no"/>]]> &amp; more</failure>';
  const xml = `<testsuites><testcase name="a" file="a.py">${failure}<error/></testcase></testsuites>`;
  expect(readJunit(xml)).toEqual({
    passed: 0,
    failed: 1,
    passing: [],
    failures: [{ name: "a", text: 'a <b> \u{1F600}\n<testcase name="no"/> & more\na.py' }],
  });
});

test("a report of very many tests is read", () => {
  const assertionResults = Array.from({ length: 200_000 }, (_, n) => ({
    fullName: `t${n}`,
    status: "passed",
  }));
  const testResults = [{ name: "a.test.js", status: "passed", assertionResults }];
  expect(readJest(JSON.stringify({ testResults }))?.passed).toBe(200_000);
});
