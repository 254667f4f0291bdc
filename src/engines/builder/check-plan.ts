import { problemOfPath } from "#engines/builder/check-path.ts";
import { arrangementOf, pathsAfter } from "#engines/builder/existing/arrangement.ts";
import { problemsOfArrangement } from "#engines/builder/existing/check-arrangement.ts";
import { interpreterOf, isUsable } from "#engines/builder/languages.ts";
import { orderFiles } from "#engines/builder/order-files.ts";
import type { Plan } from "#engines/builder/plan.ts";
import { runEntry } from "#engines/builder/run/run-entry.ts";

/** Where the workspace's way out listens. */
const OWN_PORTS = new Set([3128, 3129, 3130, 3131]);

/** What is wrong with a plan, in sentences that the architect can act on; empty: it can be carried out. */
export function problemsOfPlan(
  plan: Plan,
  workspace: { languages: Record<string, string>; existing: string[] },
): string[] {
  return [
    ...plan.files.flatMap((file) => sentence(file.path, problemOfPath(file.path))),
    ...plan.files.flatMap((file) =>
      sentence(
        file.path,
        isUsable(file.language, workspace.languages)
          ? null
          : `is in ${file.language}, which this workspace lacks`,
      ),
    ),
    ...problemsOfNames(plan),
    ...problemsOfArrangement(plan, workspace.existing),
    ...problemsOfDependencies(plan, pathsAfter(arrangementOf(plan), workspace.existing)),
    ...problemsOfCommands(plan, workspace.languages),
  ];
}

function problemsOfNames(plan: Plan): string[] {
  const paths = plan.files.map(({ path }) => path);
  const folded = paths.map((path) => path.toLowerCase());
  return paths.flatMap((path, index) => {
    if (folded.indexOf(path.toLowerCase()) !== index) return [`${path} is planned twice.`];
    if (folded.some((other) => other.startsWith(`${path.toLowerCase()}/`)))
      return [`${path} is planned both as a file and as a folder.`];
    return [];
  });
}

function problemsOfDependencies(plan: Plan, existing: string[]): string[] {
  const known = new Set([...existing, ...plan.files.map(({ path }) => path)]);
  const unknown = plan.files.flatMap((file) =>
    file.dependsOn
      .filter((path) => !known.has(path))
      .map((path) => `${file.path} depends on ${path}, which is neither planned nor there.`),
  );
  return orderFiles(plan.files) ? unknown : [...unknown, "The files depend on each other in a circle."];
}

function problemsOfCommands(plan: Plan, languages: Record<string, string>): string[] {
  const missing = plan.commands.test.length === 0 ? ["The plan has no test command."] : [];
  const { test, install = [], run = [] } = plan.commands;
  const entries = run.map(runEntry);
  const unfit = [...test, ...install, ...entries.map(({ argv }) => argv)].flatMap((argv) => {
    const language = interpreterOf(argv);
    const usable = language === "bash" || (language !== null && language in languages);
    return usable
      ? []
      : [`The command "${argv.join(" ")}" does not begin with an interpreter of this workspace.`];
  });
  const taken = entries.flatMap(({ port }) =>
    port !== null && OWN_PORTS.has(port) ? [`The port ${port} is the workspace's own.`] : [],
  );
  return [...missing, ...unfit, ...taken];
}

function sentence(path: string, problem: string | null): string[] {
  return problem ? [`${JSON.stringify(path)} ${problem}.`] : [];
}
