import { FINDINGS_TOLD, type Finding, oneLine } from "#engines/builder/checks/finding.ts";
import { sayFindings } from "#engines/builder/checks/say-findings.ts";
import { type Failure, failureOf } from "#engines/builder/failure.ts";
import { reportPath } from "#engines/builder/in-project.ts";
import type { Project } from "#engines/builder/project.ts";
import { runCommand } from "#engines/builder/run-command.ts";
import { takeReport } from "#engines/builder/take-report.ts";
import { scriptBehind } from "#engines/builder/tests/script-behind.ts";
import { placeOf, type TestFailure, type TestReport } from "#engines/builder/tests/test-report.ts";
import { testRunner } from "#engines/builder/tests/test-runner.ts";
import type { StepContext } from "#engines/engine.ts";

interface TestsRan {
  passed: number;
  failed: number;
  /** names, as far as the runner gives them, and not more of them than help anybody */
  passing: string[];
  failing: string[];
  failures: Failure[];
}

const NAMES = 50;
const NAME_MOST = 200;

/** characters of a failure that are read at its beginning and at its end */
const TEXT_PART = 20_000;

/** Runs the plan's tests and says each that failed. A command of whose tests none ran has not passed. */
export async function runTests(project: Project, step: StepContext): Promise<TestsRan> {
  const total: TestsRan = { passed: 0, failed: 0, passing: [], failing: [], failures: [] };
  let silent = 0;
  for (const [index, given] of project.plan.commands.test.entries()) {
    const name = `test-${index + 1}`;
    const { argv, before, after } = await scriptBehind(project, given);
    // As its package manager does: what is before it must end well, and nothing follows a test that failed.
    const unready = before && (await runHook(project, step, `${name}-before`, before));
    if (unready) {
      total.failed += 1;
      total.failures.push(unready);
      continue;
    }
    const runner = testRunner(argv, reportPath(step.processId(name)));
    const label = given.join(" ");
    const result = await runCommand(project, step, name, runner?.argv ?? given, { label });
    const report = runner?.read(await takeReport(project, step, name)) ?? NONE;
    await sayFindings(project, step, runner?.name ?? label, findingsOf(project, report.failures));
    const broken = result.exitCode !== 0;
    const unfinished = !broken && after && (await runHook(project, step, `${name}-after`, after));
    if (unfinished) {
      total.failed += 1;
      total.failures.push(unfinished);
    }
    total.passed += report.passed;
    total.passing = few([...total.passing, ...report.passing]);
    total.failing = few([...total.failing, ...report.failures.map(({ name }) => name)]);
    // Whatever its own count says, a test command that does not end well has failed.
    total.failed += broken ? Math.max(1, report.failed) : report.failed;
    if (broken || report.failed > 0) total.failures.push(failureOf(result));
    else if (report.passed === 0) {
      silent += 1;
      total.failures.push(failureOf(result, project.words.noTests));
    }
  }
  // Where no test ran at all, that is said in better words; beside tests that passed it would go unseen.
  if (total.passed > 0) total.failed += silent;
  return total;
}

/** null: it ended well */
async function runHook(
  project: Project,
  step: StepContext,
  name: string,
  argv: string[],
): Promise<Failure | null> {
  const result = await runCommand(project, step, name, argv);
  return result.exitCode === 0 ? null : failureOf(result);
}

function few(names: string[]): string[] {
  return [...new Set(names.map((name) => name.slice(0, NAME_MOST).toWellFormed()))].slice(0, NAMES);
}

/** One for each; of those that are only counted nothing is looked for. */
function findingsOf(project: Project, failures: TestFailure[]): Finding[] {
  const { paths } = project;
  return failures.map((failure, index) =>
    index < FINDINGS_TOLD ? findingOf(paths, failure) : { severity: "error", message: failure.name },
  );
}

const NONE: TestReport = { passed: 0, failed: 0, passing: [], failures: [] };

function findingOf(paths: string[], failure: TestFailure): Finding {
  const { name } = failure;
  // The end says what was raised, or the beginning does; a test may print without an end in between.
  const text =
    failure.text.length <= 2 * TEXT_PART
      ? failure.text
      : `${failure.text.slice(0, TEXT_PART)}\n${failure.text.slice(-TEXT_PART)}`;
  const said = text.split("\n").map((line) => line.trim());
  // pytest and unittest end with what was raised; the others begin with it.
  const raised = said.findLast((line) => /^(E\s+)?[\w.]*(Error|Exception|Failure)\b.*/.test(line));
  const message = oneLine(`${name}: ${(raised ?? said[0] ?? "").replace(/^E\s+/, "")}`);
  return { severity: "error", message, ...placeOf(text, paths) };
}
