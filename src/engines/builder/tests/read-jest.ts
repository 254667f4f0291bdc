import { z } from "zod";
import type { ReadReport, TestReport } from "#engines/builder/tests/test-report.ts";

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullable().default([]),
        }),
      ),
    }),
  ),
});

/** `jest --json`, which vitest's `--reporter=json` follows. A file that cannot be loaded is one failure. */
export const readJest: ReadReport = (text) => {
  const parsed = Report.safeParse(parse(text));
  if (!parsed.success) return null;
  const report: TestReport = { passed: 0, failed: 0, passing: [], failures: [] };
  for (const { name, status, message, assertionResults } of parsed.data.testResults) {
    const failed = assertionResults.filter((test) => test.status === "failed");
    const passed = assertionResults.filter((test) => test.status === "passed");
    for (const { fullName } of passed) report.passing.push(fullName);
    for (const { fullName, failureMessages } of failed)
      report.failures.push({ name: fullName, text: (failureMessages ?? []).join("\n") });
    if (status === "failed" && failed.length === 0)
      report.failures.push({
        name: name.split("/").at(-1) ?? name,
        text: `${message.trim()}\n${name}:1`,
      });
  }
  return { ...report, passed: report.passing.length, failed: report.failures.length };
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
