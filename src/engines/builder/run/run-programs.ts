import { sayFindings } from "#engines/builder/checks/say-findings.ts";
import { type Failure, failureOf } from "#engines/builder/failure.ts";
import { reportPath } from "#engines/builder/in-project.ts";
import type { Project } from "#engines/builder/project.ts";
import { Asked, serverCommand } from "#engines/builder/run/ask-server.ts";
import { type RunEntry, runEntry } from "#engines/builder/run/run-entry.ts";
import { withoutTraces } from "#engines/builder/run/without-traces.ts";
import { type CommandResult, runCommand } from "#engines/builder/run-command.ts";
import { takeReport } from "#engines/builder/take-report.ts";
import { ANSWERS_WITHIN_MS, RUN_MS } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";

/** Runs what the plan says shows the program at work, and says how long each took. Gives what did not work. */
export async function runPrograms(project: Project, step: StepContext): Promise<Failure[]> {
  const given = project.plan.commands.run ?? [];
  return given.length === 0
    ? []
    : withoutTraces(project, step, () => runEach(project, step, given.map(runEntry)));
}

async function runEach(project: Project, step: StepContext, entries: RunEntry[]): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const [index, entry] of entries.entries()) {
    const name = `run-${index + 1}`;
    const outcome =
      entry.port === null
        ? await runToItsEnd(project, step, name, entry)
        : await askServer(project, step, name, { ...entry, port: entry.port });
    const label = entry.argv.join(" ").slice(0, LABEL_MOST).toWellFormed();
    const severity = outcome.failure ? "error" : "info";
    await sayFindings(project, step, "run", [{ severity, message: `${label}: ${outcome.words}` }]);
    if (outcome.failure) failures.push(outcome.failure);
  }
  return failures;
}

/** characters of a command in a finding */
const LABEL_MOST = 200;

interface Outcome {
  words: string;
  failure: Failure | null;
}

async function runToItsEnd(
  project: Project,
  step: StepContext,
  name: string,
  { argv }: RunEntry,
): Promise<Outcome> {
  const result = await runCommand(project, step, name, argv, { timeoutMs: RUN_MS });
  if (result.exitCode === 0 && !result.trouble)
    return { words: project.words.ranFor(result.durationMs), failure: null };
  const words = result.trouble ?? project.words.ranBadly(result.exitCode ?? -1);
  return { words, failure: failureOf(result) };
}

async function askServer(
  project: Project,
  step: StepContext,
  name: string,
  { argv, port, path }: RunEntry & { port: number },
): Promise<Outcome> {
  const report = reportPath(step.processId(name));
  const command = serverCommand(argv, { port, path: path ?? "/", report, limitMs: ANSWERS_WITHIN_MS });
  const label = argv.join(" ");
  const timeoutMs = ANSWERS_WITHIN_MS + RUN_MS;
  const result = await runCommand(project, step, name, command, { label, timeoutMs });
  const asked = readAsked(await takeReport(project, step, name));
  const trouble = troubleOf(asked, result, path);
  if (asked?.answeredMs != null && trouble === null)
    return { words: project.words.answeredIn(asked.answeredMs, asked.status), failure: null };
  const words = `port ${port}, GET ${path ?? "/"}: ${trouble}`;
  return { words, failure: failureOf({ ...result, exitCode: null }, words) };
}

function readAsked(report: string): Asked | null {
  try {
    return Asked.parse(JSON.parse(report));
  } catch {
    // No whole report: the program that asks was ended, and what ended it is told instead.
    return null;
  }
}

/** For person and model alike. Of a path that nobody named, an answer that there is nothing is an answer. */
function troubleOf(asked: Asked | null, result: CommandResult, path: string | null): string | null {
  if (!asked) return result.trouble ?? "It could not be started.";
  if (asked.trouble === "taken") return "Something else listened on that port already.";
  if (asked.trouble === "ended") return "It ended before it answered.";
  if (asked.trouble === "silent") return `It gave no answer within ${ANSWERS_WITHIN_MS / 1000} seconds.`;
  const bad = asked.status !== null && asked.status >= (path === null ? 500 : 400);
  return bad ? `It answered with status ${asked.status}.` : null;
}
