import { isNodeTest, isPytest, isUnittest } from "#engines/builder/test-command.ts";

/** What ran; a skipped test did not. */
export interface TestCount {
  passed: number;
  failed: number;
}

/** Reads the runner's own summary. null: there is none to be read, so nothing can be said to have passed. */
export function countTests(argv: string[], output: string): TestCount | null {
  if (isNodeTest(argv)) return countTap(output);
  if (isUnittest(argv)) return countUnittest(output);
  if (isPytest(argv)) return countPytest(output);
  return null;
}

/** node:test's TAP ends with `# tests 4`, `# pass 3`, `# fail 1`, `# cancelled 0` … each at the start of a line. */
function countTap(output: string): TestCount | null {
  const figure = (name: string) => lastNumber(output, new RegExp(`^# ${name} (\\d+)$`, "gm"));
  const passed = figure("pass");
  if (passed === null) return null;
  return { passed, failed: (figure("fail") ?? 0) + (figure("cancelled") ?? 0) };
}

/** unittest ends with `Ran 4 tests in 0.001s` and `OK (skipped=1)` or `FAILED (failures=1, errors=1)`. */
function countUnittest(output: string): TestCount | null {
  const ran = lastNumber(output, /^Ran (\d+) tests? in /gm);
  if (ran === null) return null;
  const verdict = [...output.matchAll(/^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/gm)].at(-1)?.[1] ?? "";
  const figure = (name: string) => Number(new RegExp(`(?:^|, )${name}=(\\d+)`).exec(verdict)?.[1] ?? 0);
  const failed = figure("failures") + figure("errors") + figure("unexpected successes");
  // An error outside of a test (a class that cannot be set up, say) counts as failed without having run.
  return { passed: Math.max(0, ran - failed - figure("skipped")), failed };
}

/** pytest ends with `=== 3 passed, 1 failed, 1 error in 0.05s ===`. */
function countPytest(output: string): TestCount | null {
  const line = [...output.matchAll(/^=*\s?((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s.*$/gm)].at(-1)?.[1];
  if (!line) return null;
  const figure = (name: string) => Number(new RegExp(`(\\d+) ${name}s?\\b`).exec(line)?.[1] ?? 0);
  return { passed: figure("passed"), failed: figure("failed") + figure("error") };
}

function lastNumber(text: string, pattern: RegExp): number | null {
  const found = [...text.matchAll(pattern)].at(-1)?.[1];
  return found === undefined ? null : Number(found);
}
