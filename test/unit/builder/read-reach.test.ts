import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { eslintSeverity } from "#engines/builder/checks/eslint-rules.ts";
import type { Finding } from "#engines/builder/checks/finding.ts";
import { readPythonReach } from "#engines/builder/checks/python-reach.ts";
import { readClamscan } from "#engines/builder/checks/read-clamscan.ts";
import { readEslint } from "#engines/builder/checks/read-findings.ts";
import { readRuff } from "#engines/builder/checks/read-ruff.ts";

/** What the tools printed: genuine. */
const recorded = (name: string) =>
  readFileSync(path.join(import.meta.dirname, `../../recorded/${name}.txt`), "utf8");

const told = (findings: Finding[] | null) =>
  findings?.map(({ severity, message, path: file, line }) => `${severity} ${file}:${line} ${message}`);

test("eslint says what a program reaches for: other programs and code of text as warnings", () => {
  expect(told(readEslint(recorded("eslint-reach"), ["reach.js"]))).toEqual([
    "warning reach.js:1 This starts other programs. (no-restricted-syntax)",
    "info reach.js:2 This reads or writes files. (no-restricted-syntax)",
    "info reach.js:3 This reads or writes files. (no-restricted-syntax)",
    "warning reach.js:4 This runs text as code. (no-restricted-syntax)",
    "info reach.js:7 This reads the environment. (no-restricted-syntax)",
    "warning reach.js:10 `eval` can be harmful. (no-eval)",
  ]);
  expect(eslintSeverity("This starts other programs.", 1, "/w/test/main.test.js")).toBe("info");
});

test("Python's own parser says what a program reads and writes", () => {
  expect(told(readPythonReach(recorded("python-reach"), ["reach.py"]))).toEqual([
    "info reach.py:6 This reads or writes files.",
    "info reach.py:8 This reads the environment.",
    "info reach.py:8 This reads or writes files.",
    "info reach.py:9 This reads the environment.",
  ]);
  expect(readPythonReach("Traceback (most recent call last):", [])).toBeNull();
});

test("ruff: what cannot work is an error, what is only a matter of taste is told", () => {
  expect(told(readRuff(recorded("ruff"), ["bad.py", "broken.py"]))).toEqual([
    "info bad.py:1 Import block is un-sorted or un-formatted (I001)",
    "warning bad.py:1 `os` imported but unused (F401)",
    "error bad.py:8 Undefined name `undefined_name` (F821)",
    "error broken.py:1 Expected a parameter or the end of the parameter list (invalid-syntax)",
    "error broken.py:2 unexpected EOF while parsing (invalid-syntax)",
  ]);
  expect(readRuff("ruff failed", [])).toBeNull();
});

test("clamscan: each file that has a signature", () => {
  expect(told(readClamscan(recorded("clamscan"), ["sample.txt"]))).toEqual([
    "error sample.txt:undefined malware: Carrel.Test.UNOFFICIAL",
  ]);
});
