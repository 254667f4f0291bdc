import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { pathInProject } from "#engines/builder/checks/finding.ts";
import {
  type ReadFindings,
  readBandit,
  readEslint,
  readNpmAudit,
  readPrettier,
  readSecretlint,
  readTsc,
} from "#engines/builder/checks/read-findings.ts";

/** What the tools of the workspace image printed in it: genuine, but that the secret in secretlint's is masked. */
const recorded = (name: string) =>
  readFileSync(path.join(import.meta.dirname, `../../recorded/${name}.txt`), "utf8");

const PATHS = ["src/a.js", "src/ok.ts", "src/secret.js", "bad.py", "package.json", "package-lock.json"];

test("eslint", () => {
  expect(readEslint(recorded("eslint"), PATHS)).toEqual([
    {
      severity: "warning",
      message: "'b' is defined but never used. (no-unused-vars)",
      path: "src/a.js",
      line: 1,
    },
    { severity: "error", message: "Unreachable code. (no-unreachable)", path: "src/a.js", line: 4 },
    { severity: "error", message: "Duplicate key 'a'. (no-dupe-keys)", path: "src/a.js", line: 6 },
    { severity: "warning", message: "`eval` can be harmful. (no-eval)", path: "src/a.js", line: 7 },
    { severity: "error", message: "'o' is constant. (no-const-assign)", path: "src/a.js", line: 8 },
    {
      severity: "warning",
      message: "'o' is assigned a value but never used. (no-unused-vars)",
      path: "src/a.js",
      line: 8,
    },
  ]);
});

test("secretlint names the place and the kind, and never the secret", () => {
  const findings = readSecretlint(recorded("secretlint"), PATHS);
  expect(findings).toMatchObject([{ severity: "error", path: "src/secret.js", line: 1 }]);
  expect(findings?.[0]?.message).toMatch(/^found GitHub Token\(\*+\): \*+ \(secretlint-rule-github\)$/);
});

test("bandit", () => {
  expect(readBandit(recorded("bandit"), PATHS)).toEqual([
    {
      severity: "info",
      message: "Consider possible security implications associated with pickle module. (B403)",
      path: "bad.py",
      line: 1,
    },
    {
      severity: "error",
      message: "subprocess call with shell=True identified, security issue. (B602)",
      path: "bad.py",
      line: 3,
    },
    {
      severity: "warning",
      message: "Use of possibly insecure function - consider using safer ast.literal_eval. (B307)",
      path: "bad.py",
      line: 4,
    },
  ]);
});

test("prettier", () => {
  const message = "not formatted as prettier would";
  expect(readPrettier(recorded("prettier"), PATHS)).toEqual(
    ["src/a.js", "src/ok.ts", "package.json"].map((file) => ({ severity: "info", message, path: file })),
  );
});

test("tsc, without what only the types of Node would know", () => {
  expect(readTsc(recorded("tsc"), PATHS)).toEqual([
    {
      severity: "error",
      message: "Type 'string' is not assignable to type 'number'. (TS2322)",
      path: "src/ok.ts",
      line: 2,
    },
  ]);
});

test("tsc that was called wrongly has read nothing", () => {
  expect(readTsc("error TS6044: Compiler option 'types' expects an argument.\n", PATHS)).toBeNull();
});

test("npm audit that found nothing, and one that could not be made, are told apart", () => {
  expect(readNpmAudit(recorded("npm-audit"), PATHS)).toEqual([]);
  expect(readNpmAudit(recorded("npm-audit-refused"), PATHS)).toBeNull();
});

test.each<[string, ReadFindings]>([
  ["eslint", readEslint],
  ["secretlint", readSecretlint],
  ["bandit", readBandit],
  ["npm audit", readNpmAudit],
])("%s that broke off is not taken for one that found nothing", (_name, read) => {
  for (const output of ["", "Oops!", "null", "{}", '[{"filePath": 1}]', "[".repeat(100_000)])
    expect(read(output, PATHS)).toBeNull();
});

test("however much a report says, the project's paths are looked through once", () => {
  let looks = 0;
  const get = (target: string[], key: PropertyKey) => {
    if (typeof key === "string" && /^\d+$/.test(key)) looks += 1;
    return Reflect.get(target, key);
  };
  const paths = new Proxy(
    Array.from({ length: 100 }, (_, n) => `src/file-${n}.js`),
    { get },
  );
  const lines = Array.from({ length: 1_000 }, (_, n) => `/workspace/src/file-${n}.js`);
  expect(readPrettier(lines.join("\n"), paths)).toHaveLength(100);
  expect(looks).toBeLessThanOrEqual(200);
  expect(pathInProject("/".repeat(1_000_000), paths)).toBeNull();
});

test.each([
  ["src/a.js", "src/a.js"],
  ["/src/src/a.js", "src/a.js"],
  ["..\\src\\a.js", "src/a.js"],
  ["./src/a.js", "src/a.js"],
  ["/workspace/agent-1/src/a.js", "src/a.js"],
  ["/etc/passwd", null],
  ["../src/b.js", null],
])("the path %s is the project's %s", (said, known) => {
  expect(pathInProject(said, PATHS)).toBe(known);
});
