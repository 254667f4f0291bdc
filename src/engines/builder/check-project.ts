import { lookOver } from "#engines/builder/checks/look-over.ts";
import { countTests } from "#engines/builder/count-tests.ts";
import { ARRANGED, planEntries, TESTS } from "#engines/builder/plan-entries.ts";
import type { Project } from "#engines/builder/project.ts";
import { restoreFiles } from "#engines/builder/restore-files.ts";
import { type CommandResult, runCommand } from "#engines/builder/run-command.ts";
import { syntaxCommands } from "#engines/builder/syntax-commands.ts";
import { countableCommand } from "#engines/builder/test-command.ts";
import { testNames } from "#engines/builder/test-names.ts";
import type { StepContext } from "#engines/engine.ts";

export interface Failure {
  command: string;
  exit: string;
  output: string;
}

export interface CheckResult {
  passed: number;
  failed: number;
  /** files that their own language cannot read */
  unreadable: number;
  /** what the tools found; not there in checks that were made before there were tools */
  errors?: number;
  warnings?: number;
  /** names of tests, as far as the runner says them; not there in older checks either */
  passing?: string[];
  failing?: string[];
  /** what went wrong, for the repairer; empty: everything passed, and something ran */
  failures: Failure[];
}

/** characters of a failing command's end that the repairer gets */
const OUTPUT_FOR_REPAIR = 8_000;

/** Syntax of every file, what tools find in them, then the plan's tests. A project of which no test ran has not passed. */
export async function checkProject(project: Project, step: StepContext): Promise<CheckResult> {
  const { plan } = project;
  const done = new Set([ARRANGED, ...plan.files.map(({ path }) => path)]);
  await step.say({ type: "plan", entries: planEntries(plan, { done, active: new Set([TESTS]) }) });
  await restoreFiles(project);
  const syntax: Failure[] = [];
  for (const [index, { argv, label }] of syntaxCommands(plan, project.context.languages).entries()) {
    const result = await runCommand(project, step, `syntax-${index + 1}`, argv, { label });
    if (result.exitCode === 0) continue;
    const failure = failureOf(result);
    syntax.push(failure);
    await step.say({
      type: "finding",
      tool: label,
      severity: "error",
      message: failure.output.slice(-2_000),
    });
  }
  const { errors, warnings, failures } = await lookOver(project, step);
  const tests = await runTests(project, step);
  const all = [...syntax, ...failures, ...tests.failures];
  return { ...tests, unreadable: syntax.length, errors, warnings, failures: all };
}

async function runTests(
  project: Project,
  step: StepContext,
): Promise<Omit<CheckResult, "unreadable" | "errors" | "warnings">> {
  const total = {
    passed: 0,
    failed: 0,
    passing: [] as string[],
    failing: [] as string[],
    failures: [] as Failure[],
  };
  for (const [index, argv] of project.plan.commands.test.entries()) {
    const result = await runCommand(project, step, `test-${index + 1}`, countableCommand(argv));
    const count = countTests(argv, result.tail) ?? { passed: 0, failed: 0 };
    const names = testNames(argv, result.tail);
    total.passing.push(...names.passed);
    total.failing.push(...names.failed);
    const broken = result.exitCode !== 0;
    total.passed += count.passed;
    // Whatever its own count says, a test command that does not end well has failed.
    total.failed += broken ? Math.max(1, count.failed) : count.failed;
    if (broken || count.failed > 0) total.failures.push(failureOf(result));
    else if (count.passed === 0) total.failures.push(failureOf(result, project.words.noTests));
  }
  return total;
}

function failureOf(result: CommandResult, remark: string | null = result.trouble): Failure {
  const output = [withoutTimes(result.tail).slice(-OUTPUT_FOR_REPAIR), remark].filter(Boolean).join("\n");
  return { command: result.command, exit: String(result.exitCode ?? "none"), output };
}

/** How long each test took tells the repairer nothing, and would make every question a new one. */
function withoutTimes(output: string): string {
  return output.replaceAll(/^[ #]*duration_ms:? [\d.]+\n/gm, "").replaceAll(/ in \d+\.\d+s$/gm, "");
}
