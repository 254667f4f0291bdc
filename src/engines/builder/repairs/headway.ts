import type { CheckResult } from "#engines/builder/check-project.ts";

/** How many of the latest attempts made nothing better than it was at its best. */
export function fruitlessAttempts(checks: readonly CheckResult[]): number {
  let best = checks[0];
  let fruitless = 0;
  for (const check of checks.slice(1)) {
    fruitless += 1;
    if (!best || !isBetter(check, best)) continue;
    best = check;
    fruitless = 0;
  }
  return fruitless;
}

/**
 * Fewer things fail and no fewer pass: a test file that cannot be read any more fails once, however many tests were in
 * it. Or more tests pass, and it is not the same ones that fail.
 */
function isBetter(now: CheckResult, before: CheckResult): boolean {
  if (troubleOf(now) < troubleOf(before)) return now.passed >= before.passed;
  return now.passed > before.passed && !sameFail(now, before);
}

function troubleOf({ failed, unreadable, errors = 0, failures }: CheckResult): number {
  return Math.max(failed + unreadable + errors, failures.length);
}

function sameFail(a: CheckResult, b: CheckResult): boolean {
  const [now, before] = [a.failing ?? [], new Set(b.failing)];
  return now.length > 0 && now.length === before.size && now.every((name) => before.has(name));
}
