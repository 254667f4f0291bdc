import { z } from "zod";
import { type Finding, oneLine } from "#engines/builder/checks/finding.ts";
import type { ReadFindings } from "#engines/builder/checks/read-findings.ts";
import { findingAt, parseReport } from "#engines/builder/checks/report.ts";

/** Scanners that an operator may put into the workspace's image. As in read-findings, null is for what cannot be read. */

const Line = z.number().int().positive().optional().catch(undefined);

/** `semgrep scan --json`; fields by its own schema, semgrep_output_v1 */
export const readSemgrep: ReadFindings = (stdout, paths) => {
  const report = parseReport(Semgrep, stdout);
  if (!report) return null;
  // Rules that could not be had, or broken ones: nothing was looked for.
  if (report.results.length === 0 && report.errors.some(({ level }) => level === "error")) return null;
  return report.results.flatMap(({ path, check_id, start, extra }) =>
    findingAt(path, paths, {
      severity: SEMGREP_SEVERITY[extra.severity] ?? "info",
      message: `${extra.message} (${check_id.split(".").at(-1)})`,
      line: start.line,
    }),
  );
};
const SEMGREP_SEVERITY: Record<string, Finding["severity"]> = {
  CRITICAL: "error",
  HIGH: "error",
  ERROR: "error",
  MEDIUM: "warning",
  WARNING: "warning",
};
const Semgrep = z.object({
  errors: z.array(z.object({ level: z.string() })),
  results: z.array(
    z.object({
      check_id: z.string(),
      path: z.string(),
      start: z.object({ line: Line }),
      extra: z.object({ message: z.string(), severity: z.string() }),
    }),
  ),
});

/** `gitleaks dir --report-format json --redact`: where a secret is and of what kind, and never the secret */
export const readGitleaks: ReadFindings = (stdout, paths) => {
  const leaks = parseReport(Gitleaks, stdout);
  return (
    leaks?.flatMap(({ File, RuleID, Description, StartLine }) =>
      findingAt(File, paths, { severity: "error", message: `${Description} (${RuleID})`, line: StartLine }),
    ) ?? null
  );
};
const Gitleaks = z.array(
  z.object({ File: z.string(), RuleID: z.string(), Description: z.string(), StartLine: Line }),
);

/** `pip-audit --format json`: one finding for each vulnerability. It says of none how severe it is. */
export const readPipAudit: ReadFindings = (stdout) => {
  const report = parseReport(PipAudit, stdout);
  if (!report) return null;
  const dependencies = Array.isArray(report) ? report : report.dependencies;
  return dependencies.flatMap(({ name, version, vulns }) =>
    vulns.map(({ id, fix_versions }): Finding => {
      const cure = fix_versions.length > 0 ? `; ${fix_versions.join(", ")} has it no more` : "";
      const message = oneLine(`${name} ${version ?? ""}: known vulnerability ${id}${cure}`);
      return { severity: "warning", message, path: "requirements.txt" };
    }),
  );
};
const Dependency = z.object({
  name: z.string(),
  // One that was left out has none.
  version: z.string().optional(),
  vulns: z.array(z.object({ id: z.string(), fix_versions: z.array(z.string()) })).default([]),
});
/** a plain list until version 2.5, and since then a field of an object */
const PipAudit = z.union([z.object({ dependencies: z.array(Dependency) }), z.array(Dependency)]);
