import { lookOver } from "#engines/builder/checks/look-over.ts";
import { type Failure, failureOf } from "#engines/builder/failure.ts";
import { type Installed, installInCheck } from "#engines/builder/install/install-packages.ts";
import { ARRANGED, planEntries, TESTS } from "#engines/builder/plan-entries.ts";
import type { Project } from "#engines/builder/project.ts";
import { restoreFiles } from "#engines/builder/restore-files.ts";
import { runPrograms } from "#engines/builder/run/run-programs.ts";
import { runCommand } from "#engines/builder/run-command.ts";
import { syntaxCommands } from "#engines/builder/syntax-commands.ts";
import { runTests } from "#engines/builder/tests/run-tests.ts";
import type { StepContext } from "#engines/engine.ts";

export interface CheckResult {
  passed: number;
  failed: number;
  /** files that their own language cannot read */
  unreadable: number;
  // What checks that were made before there was such a thing do not have.
  /** what the tools found */
  errors?: number;
  warnings?: number;
  /** names of tests, as far as the runner says them; not there in older checks either */
  passing?: string[];
  failing?: string[];
  /** programs that did not run as they should */
  notRunning?: number;
  /** what could not be installed for want of a network */
  notInstalled?: string | null;
  /** what the next check need not install again */
  installed?: string | null;
  /** what went wrong, for the repairer; empty: everything passed, and something ran */
  failures: Failure[];
}

/**
 * Syntax of every file, what tools find in them, the plan's tests, and its programs at work. A project of which no test
 * ran has not passed. What was installed for it, and failed to be, counts with it.
 */
export async function checkProject(
  project: Project,
  step: StepContext,
  { before, installed }: { before: CheckResult | null; installed: Installed | null },
): Promise<CheckResult> {
  const { plan } = project;
  const done = new Set([ARRANGED, ...plan.files.map(({ path }) => path)]);
  await step.say({ type: "plan", entries: planEntries(plan, { done, active: new Set([TESTS]) }) });
  await restoreFiles(project);
  const packages = installed ?? (await installInCheck(project, step, before?.installed ?? null));
  const syntax = await checkSyntax(project, step);
  const { errors, warnings, failures } = await lookOver(project, step, packages.mark !== null);
  const tests = await runTests(project, step);
  const programs = await runPrograms(project, step);
  // Tests that changed what they test are no repair of it.
  await restoreFiles(project);
  const found = [...syntax, ...failures, ...tests.failures, ...programs];
  // Without a network it is a reason for what failed, and by itself nothing that anybody could mend.
  const counts = packages.failure && (packages.noNetwork === null || found.length > 0);
  return {
    passed: tests.passed,
    failed: tests.failed,
    passing: tests.passing,
    failing: tests.failing,
    unreadable: syntax.length,
    errors: errors + (packages.failure && packages.noNetwork === null ? 1 : 0),
    warnings: warnings + (packages.noNetwork === null ? 0 : 1),
    notRunning: programs.length,
    notInstalled: packages.noNetwork,
    installed: packages.mark,
    failures: counts && packages.failure ? [packages.failure, ...found] : found,
  };
}

async function checkSyntax(project: Project, step: StepContext): Promise<Failure[]> {
  const failures: Failure[] = [];
  const commands = syntaxCommands(project.plan, project.context.languages);
  for (const [index, { argv, label }] of commands.entries()) {
    const result = await runCommand(project, step, `syntax-${index + 1}`, argv, { label });
    if (result.exitCode === 0) continue;
    const failure = failureOf(result);
    failures.push(failure);
    const message = failure.output.slice(-2_000);
    await step.say({ type: "finding", tool: label, severity: "error", message });
  }
  return failures;
}
