import type { SerializedError } from "vitest";
import { DefaultReporter, type TestModule, type TestRunEndReason } from "vitest/node";

/**
 * The usual report, then what was skipped, by name and reason, and as the very last line the three counts. A module
 * that could not be loaded and an error outside any test count as failures. Where nothing may be skipped (CI) a
 * skipped test fails the run.
 */
export default class ClosingLines extends DefaultReporter {
  override onTestRunEnd(
    modules: ReadonlyArray<TestModule>,
    errors: ReadonlyArray<SerializedError>,
    reason: TestRunEndReason,
  ): void {
    super.onTestRunEnd(modules, errors, reason);
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") passed += 1;
        else if (result.state === "skipped")
          skipped.push(`${test.fullName}: ${result.note ?? "no reason given"}`);
        else failed += 1;
      }
    }
    const lines = skipped.map((line) => `skipped  ${line}`);
    if (skipped.length > 0 && process.env.CI === "true") {
      lines.push("Nothing may be skipped where CI=true.");
      process.exitCode = 1;
    }
    lines.push(
      `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`,
    );
    // After the summary and whatever is still on its way to the terminal.
    process.once("exit", () => process.stdout.write(`${lines.join("\n")}\n`));
  }
}
