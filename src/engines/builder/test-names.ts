import { isNodeTest, isPytest, isUnittest } from "#engines/builder/test-command.ts";

export interface TestNames {
  passed: string[];
  failed: string[];
}

/** More names than this help nobody, neither the repairer nor a person. */
const NAMES = 50;
const NAME_MOST = 200;

/** Which tests passed and which failed, as far as the runner's output names them; a count says more than this does. */
export function testNames(argv: string[], output: string): TestNames {
  const lines = output.split("\n");
  const { passed, failed } = isNodeTest(argv)
    ? readTap(lines)
    : isUnittest(argv)
      ? readUnittest(lines)
      : isPytest(argv)
        ? readPytest(lines)
        : { passed: [], failed: [] };
  const unfit = new Set(failed);
  return { passed: few(passed.filter((name) => !unfit.has(name))), failed: few(failed) };
}

/** `not ok 2 - adds`; what is skipped did not run, and a suite is no test of its own. */
function readTap(lines: string[]): TestNames {
  const names: TestNames = { passed: [], failed: [] };
  for (const [index, line] of lines.entries()) {
    const [, not, name = ""] = /^ *(not )?ok \d+ - (.*)$/.exec(line) ?? [];
    if (name === "" || / # (SKIP|TODO)\b/.test(name) || isSuite(lines, index)) continue;
    names[not ? "failed" : "passed"].push(name.replaceAll(/\\([\\#])/g, "$1"));
  }
  return names;
}

/** The block of fields behind a result says of what kind it is. */
function isSuite(lines: string[], index: number): boolean {
  if (lines[index + 1]?.trim() !== "---") return false;
  for (const line of lines.slice(index + 2, index + 12)) {
    if (line.trim() === "type: 'suite'") return true;
    if (line.trim() === "...") return false;
  }
  return false;
}

/** `test_a (module.Class.test_a) ... ok`, and `FAIL: test_b (module.Class.test_b)` above each traceback. */
function readUnittest(lines: string[]): TestNames {
  const names: TestNames = { passed: [], failed: [] };
  let current: string | null = null;
  for (const line of lines) {
    const [, failed, test = "", place = ""] = /^((?:FAIL|ERROR): )?(\w+) \(([\w.]+)\)/.exec(line) ?? [];
    if (test !== "") current = place.endsWith(`.${test}`) ? place : `${place}.${test}`;
    if (current === null) continue;
    if (failed) names.failed.push(current);
    else if (/(^| \.\.\. )ok$/.test(line)) names.passed.push(current);
    if (failed || VERDICT.test(line)) current = null;
  }
  return names;
}

const VERDICT = /(^| \.\.\. )(ok|FAIL|ERROR|skipped .*|expected failure|unexpected success)$/;

/** `FAILED tests/test_a.py::test_b - AssertionError` in the summary; `tests/test_a.py::test_c PASSED` where it is verbose. */
function readPytest(lines: string[]): TestNames {
  const text = lines.join("\n");
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = ""]) => name);
  return { passed: all(/^(\S+::\S+) PASSED/gm), failed: all(/^(?:FAILED|ERROR) (\S+::\S+)/gm) };
}

function few(names: string[]): string[] {
  return [...new Set(names.map((name) => name.slice(0, NAME_MOST).toWellFormed()))].slice(0, NAMES);
}
