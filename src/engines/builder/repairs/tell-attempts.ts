import type { CheckResult } from "#engines/builder/check-project.ts";
import type { Attempt } from "#engines/builder/repairs/repair-project.ts";

/** What was tried before, as the repairer is told it. */
export interface Tried {
  paths: string[];
  explanation: string;
  /** what failed after it, in a few lines */
  failed: string;
}

/** characters of a failure's end, where no test names it */
const OUTPUT_TOLD = 400;
const NAMES_TOLD = 20;

/** `checks`: the one before each attempt, and the one after the last. */
export function tellAttempts(checks: readonly CheckResult[], attempts: readonly Attempt[]): Tried[] {
  return attempts.map(({ edits, explanation }, index) => ({
    paths: edits.map(({ path }) => path),
    explanation,
    failed: failedIn(checks[index + 1]),
  }));
}

function failedIn(check: CheckResult | undefined): string {
  const names = check?.failing ?? [];
  const more = names.length > NAMES_TOLD ? ` and ${names.length - NAMES_TOLD} more` : "";
  if (check && names.length > 0)
    return `${check.failed} failed, ${check.passed} passed: ${names.slice(0, NAMES_TOLD).join(", ")}${more}`;
  const failures = check?.failures ?? [];
  return failures.map(({ command, output }) => `${command}: ${output.slice(-OUTPUT_TOLD)}`).join("\n");
}
