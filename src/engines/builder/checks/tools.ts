import { DANGEROUS, MISTAKES } from "#engines/builder/checks/eslint-rules.ts";
import { pythonReachCommand, readPythonReach } from "#engines/builder/checks/python-reach.ts";
import { readClamscan } from "#engines/builder/checks/read-clamscan.ts";
import {
  type ReadFindings,
  readBandit,
  readEslint,
  readNpmAudit,
  readPrettier,
  readSecretlint,
  readTsc,
} from "#engines/builder/checks/read-findings.ts";
import { readRuff } from "#engines/builder/checks/read-ruff.ts";
import { readGitleaks, readPipAudit, readSemgrep } from "#engines/builder/checks/read-scanners.ts";

export interface Tool {
  name: string;
  /** which of the project's files it is about */
  about: RegExp;
  /** for paths that begin with `./`, so that none is taken for an option; `has`: whether the project has such a file */
  argv: (paths: string[], has: (name: RegExp) => boolean) => string[];
  /** a tool that not every workspace is expected to have: nothing is said where it is not */
  optional?: boolean;
  /** what it says, in words for people, when it lacks what it compares with */
  lacks?: { pattern: RegExp; why: "noSignatures" };
  /** exit codes with which it has done its work, whatever it found */
  done: number[];
  read: ReadFindings;
}

const SECRETLINT_RULES = { rules: [{ id: "@secretlint/secretlint-rule-preset-recommend" }] };
const TSC_OPTIONS = "--noEmit --pretty false --strict --skipLibCheck --target es2022 --module nodenext";

/** Every tool that is asked where it is installed: with the project's configuration for it, else with ours. */
export const TOOLS: Tool[] = [
  {
    name: "tsc",
    about: /\.[cm]?tsx?$/,
    argv: (paths, has) =>
      has(/^tsconfig\.json$/)
        ? ["tsc", "--noEmit", "--pretty", "false", "-p", "."]
        : ["tsc", ...TSC_OPTIONS.split(" "), "--allowImportingTsExtensions", ...paths],
    done: [0, 1, 2],
    read: readTsc,
  },
  {
    name: "eslint",
    about: /\.[cm]?js$/,
    argv: (paths, has) => {
      const own = has(/^eslint\.config\.[cm]?[jt]s$/);
      const rules = JSON.stringify(own ? DANGEROUS : { ...MISTAKES, ...DANGEROUS });
      const alone = own ? [] : ["--no-config-lookup"];
      return ["eslint", "--format", "json", "--no-color", ...alone, "--rule", rules, "--", ...paths];
    },
    done: [0, 1],
    read: readEslint,
  },
  {
    name: "prettier",
    about: /\.([cm]?[jt]sx?|json|css|html|md|ya?ml)$/,
    argv: (paths) => ["prettier", "--list-different", "--ignore-path", "/dev/null", "--", ...paths],
    done: [0, 1],
    read: readPrettier,
  },
  {
    name: "bandit",
    about: /\.py$/,
    argv: (paths) => ["bandit", "-q", "-f", "json", "--", ...paths],
    done: [0, 1],
    read: readBandit,
  },
  {
    name: "python3 reach",
    about: /\.py$/,
    argv: pythonReachCommand,
    done: [0],
    read: readPythonReach,
  },
  {
    name: "ruff",
    about: /\.py$/,
    argv: (paths) => ["ruff", "check", "--no-cache", "--output-format", "json", "--", ...paths],
    optional: true,
    done: [0, 1],
    read: readRuff,
  },
  {
    name: "semgrep",
    about: /\.([cm]?[jt]sx?|py|go|rs|java|c)$/,
    argv: (paths, has) => {
      // Rules of the project's own, else those that semgrep hands out where there is a network.
      const rules = has(/^\.semgrep\.yml$/) ? ".semgrep.yml" : "p/default";
      const quietly = ["--quiet", "--metrics=off", "--disable-version-check"];
      return ["semgrep", "scan", "--json", ...quietly, "--config", rules, ...paths];
    },
    optional: true,
    done: [0, 1],
    read: readSemgrep,
  },
  {
    name: "gitleaks",
    about: /./,
    argv: () => {
      const report = ["--report-format", "json", "--report-path", "-", "--redact", "--exit-code", "0"];
      return ["gitleaks", "dir", "--no-banner", ...report, "."];
    },
    optional: true,
    done: [0],
    read: readGitleaks,
  },
  {
    name: "pip-audit",
    about: /^requirements\.txt$/,
    argv: () => ["pip-audit", "--format", "json", "--progress-spinner", "off", "-r", "requirements.txt"],
    optional: true,
    done: [0, 1],
    read: readPipAudit,
  },
  {
    name: "clamscan",
    about: /./,
    argv: (paths) => ["clamscan", "--infected", "--no-summary", "--", ...paths],
    lacks: { pattern: /No supported database files found/, why: "noSignatures" },
    done: [0, 1],
    read: readClamscan,
  },
  {
    name: "secretlint",
    about: /./,
    argv: (paths) => {
      const rules = ["--secretlintrcJSON", JSON.stringify(SECRETLINT_RULES)];
      return ["secretlint", "--format", "json", "--no-color", ...rules, ...paths];
    },
    done: [0, 1],
    read: readSecretlint,
  },
  {
    name: "npm audit",
    about: /^package-lock\.json$/,
    argv: () => ["npm", "audit", "--json", "--package-lock-only"],
    done: [0, 1],
    read: readNpmAudit,
  },
];
