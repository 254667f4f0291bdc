import {
  type ReadFindings,
  readBandit,
  readEslint,
  readNpmAudit,
  readPrettier,
  readSecretlint,
  readTsc,
} from "#engines/builder/checks/read-findings.ts";

export interface Tool {
  name: string;
  /** which of the project's files it is about */
  about: RegExp;
  /** for paths that begin with `./`, so that none is taken for an option; `has`: whether the project has such a file */
  argv: (paths: string[], has: (name: RegExp) => boolean) => string[];
  /** exit codes with which it has done its work, whatever it found */
  done: number[];
  read: ReadFindings;
}

// Only what is a mistake in any style: the project's own configuration says more, where it has one.
const ESLINT_RULES = {
  "no-const-assign": 2,
  "no-dupe-args": 2,
  "no-dupe-class-members": 2,
  "no-dupe-keys": 2,
  "no-func-assign": 2,
  "no-obj-calls": 2,
  "no-this-before-super": 2,
  "no-unreachable": 2,
  "use-isnan": 2,
  "valid-typeof": 2,
  "no-eval": 1,
  "no-implied-eval": 1,
  "no-new-func": 1,
  "no-unused-vars": 1,
};
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
      const rules = own ? [] : ["--no-config-lookup", "--rule", JSON.stringify(ESLINT_RULES)];
      return ["eslint", "--format", "json", "--no-color", ...rules, "--", ...paths];
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
