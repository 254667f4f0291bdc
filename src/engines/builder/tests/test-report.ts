import { pathInProject } from "#engines/builder/checks/finding.ts";

/** What a test runner has to say for machines. A skipped test did not run and is not counted. */
export interface TestReport {
  passed: number;
  failed: number;
  /** names of those that passed */
  passing: string[];
  failures: TestFailure[];
}

export interface TestFailure {
  name: string;
  /** what it failed with, and where: a text of several lines */
  text: string;
}

/** null: the text is no whole report, so nothing can be said to have passed. */
export type ReadReport = (text: string) => TestReport | null;

/**
 * The place in the project that a failure's text names: of Python's the last, where it was raised; of JavaScript's the
 * first. Nothing: it names none.
 */
export function placeOf(text: string, paths: readonly string[]): { path?: string; line?: number } {
  const python = [...text.matchAll(/File "([^"\n]{1,500})", line (\d{1,7})/g)].reverse();
  const named = [...text.matchAll(/([^\s"'()]{1,500}?):(\d{1,7})\b/g)];
  const ordered = /\.py:\d/.test(text) ? named.reverse() : named;
  for (const [, said = "", line] of [...python, ...ordered]) {
    const path = pathInProject(said.replace(/^file:\/\//, ""), paths);
    if (path !== null) return { path, line: Number(line) };
  }
  return {};
}
