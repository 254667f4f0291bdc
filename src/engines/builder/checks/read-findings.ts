import { z } from "zod";
import { eslintSeverity } from "#engines/builder/checks/eslint-rules.ts";
import { type Finding, oneLine } from "#engines/builder/checks/finding.ts";
import { findingAt, parseReport } from "#engines/builder/checks/report.ts";

/**
 * What tools print for machines, read into findings. Each gives null for what it cannot read, so that a tool that
 * broke is never taken for one that found nothing.
 */
export type ReadFindings = (stdout: string, paths: readonly string[]) => Finding[] | null;

const Line = z.number().int().positive().optional().catch(undefined);

/** `eslint --format json` */
export const readEslint: ReadFindings = (stdout, paths) => {
  const files = parseReport(EslintFiles, stdout);
  if (!files) return null;
  return files.flatMap(({ filePath, messages }) =>
    messages.flatMap(({ ruleId, severity, message, line }) =>
      findingAt(filePath, paths, {
        severity: eslintSeverity(message, severity, filePath),
        message: ruleId ? `${message} (${ruleId})` : message,
        line,
      }),
    ),
  );
};
const EslintFiles = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({ ruleId: z.string().nullable(), severity: z.number(), message: z.string(), line: Line }),
    ),
  }),
);

/** `secretlint --format json`; its messages hold the secret's kind and not the secret */
export const readSecretlint: ReadFindings = (stdout, paths) => {
  const files = parseReport(SecretlintFiles, stdout);
  if (!files) return null;
  return files.flatMap(({ filePath, messages }) =>
    messages.flatMap(({ ruleId, severity, message, loc }) =>
      findingAt(filePath, paths, {
        severity: severity === "error" ? "error" : "warning",
        message: `${message} (${ruleId.split("/").at(-1)})`,
        line: loc?.start.line,
      }),
    ),
  );
};
const SecretlintFiles = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({
        ruleId: z.string(),
        severity: z.string().optional(),
        message: z.string(),
        loc: z.object({ start: z.object({ line: Line }) }).optional(),
      }),
    ),
  }),
);

/** `bandit -f json` */
export const readBandit: ReadFindings = (stdout, paths) => {
  const report = parseReport(BanditReport, stdout);
  if (!report) return null;
  const errors = report.errors.flatMap(({ filename, reason }) =>
    findingAt(filename, paths, { severity: "warning", message: reason }),
  );
  const results = report.results.flatMap((result) =>
    findingAt(result.filename, paths, {
      severity: BANDIT_SEVERITY[result.issue_severity] ?? "info",
      message: `${result.issue_text} (${result.test_id})`,
      line: result.line_number,
    }),
  );
  return [...errors, ...results];
};
const BANDIT_SEVERITY: Record<string, Finding["severity"]> = { HIGH: "error", MEDIUM: "warning" };
const BanditReport = z.object({
  errors: z.array(z.object({ filename: z.string(), reason: z.string() })),
  results: z.array(
    z.object({
      filename: z.string(),
      issue_severity: z.string(),
      issue_text: z.string(),
      test_id: z.string(),
      line_number: Line,
    }),
  ),
});

/** `npm audit --json`: one finding for each package; null where the registry gave no answer */
export const readNpmAudit: ReadFindings = (stdout) => {
  const report = parseReport(NpmAudit, stdout);
  return (
    report &&
    Object.values(report.vulnerabilities).map(({ name, severity, range }) => ({
      severity: severity === "critical" || severity === "high" ? "error" : "warning",
      message: oneLine(`${name} ${range}: known vulnerability (${severity})`),
      path: "package-lock.json",
    }))
  );
};
const NpmAudit = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({ name: z.string(), severity: z.string(), range: z.string().default("") }),
  ),
});

/** `prettier --list-different`: a path a line */
export const readPrettier: ReadFindings = (stdout, paths) =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) =>
      findingAt(line, paths, { severity: "info", message: "not formatted as prettier would" }),
    );

/**
 * `tsc --pretty false`: `src/a.ts(2,14): error TS2322: …`; what the types of Node would know is not asked for. An error
 * without a place is one of its own call, and it has read nothing.
 */
export const readTsc: ReadFindings = (stdout, paths) => {
  if (/^error TS/m.test(stdout)) return null;
  return [...stdout.matchAll(/^([^\n(]{1,300})\((\d+),\d+\): error (TS\d+): (.*)$/gm)]
    .filter(([, , , code, message = ""]) => code !== "TS2591" && code !== "TS2580" && !/'node:/.test(message))
    .flatMap(([, path = "", line, code, message]) =>
      findingAt(path, paths, { severity: "error", message: `${message} (${code})`, line: Number(line) }),
    );
};
