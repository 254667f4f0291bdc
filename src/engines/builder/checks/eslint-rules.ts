import type { Finding } from "#engines/builder/checks/finding.ts";

/** Only what is a mistake in any style: the project's own configuration says more, where it has one. */
export const MISTAKES = {
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
  "no-unused-vars": 1,
};

const REACHES = {
  child_process: "This starts other programs.",
  vm: "This runs text as code.",
  fs: "This reads or writes files.",
  env: "This reads the environment.",
};

const OF_MODULE = (names: string) => {
  const source = `value=/^(node:)?(${names})(\\u002f|$)/`;
  return [
    `ImportDeclaration[source.${source}]`,
    `ImportExpression[source.${source}]`,
    `CallExpression[callee.name='require'][arguments.0.${source}]`,
  ].join(", ");
};

/** What a person may want to know of before the program is run: reported, and no protection from it. */
export const DANGEROUS = {
  "no-eval": 1,
  "no-implied-eval": 1,
  "no-new-func": 1,
  "no-restricted-syntax": [
    1,
    { selector: OF_MODULE("child_process|worker_threads|cluster"), message: REACHES.child_process },
    { selector: OF_MODULE("vm"), message: REACHES.vm },
    { selector: OF_MODULE("fs"), message: REACHES.fs },
    {
      selector: "MemberExpression[object.name='process'][property.name='env']",
      message: REACHES.env,
    },
  ],
};

/** Most programs have good reason for these, and tests for starting a program: told for information. */
const FOR_INFORMATION: string[] = [REACHES.fs, REACHES.env];
const TEST = /(^|\/)(tests?|__tests__)\/|[._-](test|spec)\.[cm]?[jt]sx?$/;

export function eslintSeverity(message: string, severity: number, path: string): Finding["severity"] {
  if (FOR_INFORMATION.includes(message)) return "info";
  if (message === REACHES.child_process && TEST.test(path)) return "info";
  return severity === 2 ? "error" : "warning";
}
