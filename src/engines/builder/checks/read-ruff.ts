import { z } from "zod";
import type { Finding } from "#engines/builder/checks/finding.ts";
import type { ReadFindings } from "#engines/builder/checks/read-findings.ts";
import { findingAt, parseReport } from "#engines/builder/checks/report.ts";

const Report = z.array(
  z.object({
    filename: z.string(),
    code: z.string().nullable(),
    message: z.string(),
    location: z.object({ row: z.number().int() }).nullable(),
  }),
);

/** Ruff calls whatever it finds an error. What cannot work is one; most of the rest is a matter of taste. */
const CANNOT_WORK = /^(invalid-syntax|E9\d\d|F(50\d|52\d|601|602|621|622|63\d|70\d|82[123]))$/;

const LIKELY_WRONG = /^(F|B|S)\d/;

function severityOf(code: string): Finding["severity"] {
  if (CANNOT_WORK.test(code)) return "error";
  return LIKELY_WRONG.test(code) ? "warning" : "info";
}

/** `ruff check --output-format json` */
export const readRuff: ReadFindings = (stdout, paths) =>
  parseReport(Report, stdout)?.flatMap(({ filename, code, message, location }) =>
    findingAt(filename, paths, {
      severity: severityOf(code ?? "invalid-syntax"),
      message: `${message} (${code})`,
      line: location?.row,
    }),
  ) ?? null;
