import { expect, test } from "vitest";
import { readGitleaks, readPipAudit, readSemgrep } from "#engines/builder/checks/read-scanners.ts";

/** These scanners are not in the workspace image: their reports are written here after their own documents. */

const PATHS = ["src/shell.py", "src/key.js", "requirements.txt"];

test("semgrep", () => {
  const found = (severity: string, path = "src/shell.py") => ({
    check_id: "python.lang.security.audit.subprocess-shell-true",
    path,
    start: { line: 7, col: 3, offset: 120 },
    end: { line: 7, col: 40, offset: 157 },
    extra: {
      message: "Found 'subprocess'\n  with shell=True.",
      severity,
      metadata: { cwe: ["CWE-78"] },
      lines: "x",
    },
  });
  const report = {
    version: "1.68.0",
    results: [found("ERROR"), found("MEDIUM"), found("INFO"), found("ERROR", "node_modules/other.js")],
    errors: [{ code: 3, level: "warn", type: "Syntax error", message: "…" }],
    paths: { scanned: ["src/shell.py"] },
  };
  const message = "Found 'subprocess' with shell=True. (subprocess-shell-true)";
  expect(readSemgrep(JSON.stringify(report), PATHS)).toEqual(
    ["error", "warning", "info"].map((severity) => ({ severity, message, path: "src/shell.py", line: 7 })),
  );
});

test("semgrep that had no rules has found nothing out", () => {
  const errors = [{ code: 7, level: "error", type: "SemgrepError", message: "…" }];
  expect(readSemgrep(JSON.stringify({ results: [], errors }), PATHS)).toBe(null);
  expect(readSemgrep(JSON.stringify({ results: [], errors: [] }), PATHS)).toEqual([]);
});

test("gitleaks names the place and the kind, and never the secret", () => {
  const leak = {
    RuleID: "generic-api-key",
    Description: "Detected a Generic API Key.",
    StartLine: 2,
    EndLine: 2,
    StartColumn: 8,
    EndColumn: 60,
    Match: "REDACTED",
    Secret: "REDACTED",
    File: "src/key.js",
    SymlinkFile: "",
    Commit: "",
    Entropy: 4.1,
    Author: "",
    Email: "",
    Date: "",
    Message: "",
    Tags: [],
    Fingerprint: "src/key.js:generic-api-key:2",
  };
  const report = [leak, { ...leak, File: "node_modules/a/key.js" }];
  expect(readGitleaks(JSON.stringify(report), PATHS)).toEqual([
    {
      severity: "error",
      message: "Detected a Generic API Key. (generic-api-key)",
      path: "src/key.js",
      line: 2,
    },
  ]);
  expect(readGitleaks("[]\n", PATHS)).toEqual([]);
});

test("pip-audit, in its form of today and in its first", () => {
  const dependencies = [
    {
      name: "flask",
      version: "0.5",
      vulns: [
        { id: "PYSEC-2019-179", fix_versions: ["1.0"], aliases: ["CVE-2019-1010083"], description: "…" },
        { id: "PYSEC-0000-1", fix_versions: [], aliases: [], description: "…" },
      ],
    },
    { name: "jinja2", version: "3.0.2", vulns: [] },
    { name: "own", skip_reason: "not found on the index" },
  ];
  const path = "requirements.txt";
  const expected = [
    {
      severity: "warning",
      message: "flask 0.5: known vulnerability PYSEC-2019-179; 1.0 has it no more",
      path,
    },
    { severity: "warning", message: "flask 0.5: known vulnerability PYSEC-0000-1", path },
  ];
  expect(readPipAudit(JSON.stringify({ dependencies, fixes: [] }), PATHS)).toEqual(expected);
  expect(readPipAudit(JSON.stringify(dependencies), PATHS)).toEqual(expected);
});

test.each([readSemgrep, readGitleaks, readPipAudit])("what is no report is read by none (%#)", (read) => {
  for (const said of [
    "",
    "Traceback (most recent call last)",
    "{}",
    "null",
    '{"results": 1}',
    '[{"File": 1}]',
  ])
    expect(read(said, PATHS)).toBe(null);
});
