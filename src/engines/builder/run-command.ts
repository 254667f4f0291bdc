import { inProject } from "#engines/builder/in-project.ts";
import type { Project } from "#engines/builder/project.ts";
import type { StepContext } from "#engines/engine.ts";

/** milliseconds, where the caller says nothing */
const TIMEOUT_MS = 120_000;
/** characters of output that the log keeps of one command; the rest is counted */
const SHOWN = 200_000;
/** characters at the end that are read for results and given to the repairer */
const TAIL = 64_000;

/** characters of a command's words, and of each of its arguments, that a person and the model get to see */
const WORDS = 500;

const ENVIRONMENT = { PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1", NO_COLOR: "1" };

export interface CommandResult {
  command: string;
  exitCode: number | null;
  /** the end of both streams, in the order it came */
  tail: string;
  /** what it printed, up to the limit of output that is kept */
  stdout: string;
  /** milliseconds from its start to its end */
  durationMs: number;
  /** why there is no ordinary exit, in words for person and model; null otherwise */
  trouble: string | null;
}

export interface CommandOptions {
  /** what a person sees in place of the command's words */
  label?: string;
  /** its output is for a machine: not shown */
  quiet?: boolean;
  /** exit codes with which it has done its work; default 0 alone */
  done?: number[];
  /** what it says where it lacks something to work with: that is told in words, and is no failure of the project's */
  lacks?: RegExp | undefined;
  /** milliseconds; at the limit it is ended with all its children */
  timeoutMs?: number;
}

/** Runs a command journalled under a name of its own in this step, and shows it and its output. */
export async function runCommand(
  project: Project,
  step: StepContext,
  name: string,
  argv: string[],
  {
    label: given = argv.join(" "),
    quiet = false,
    done = [0],
    lacks,
    timeoutMs = TIMEOUT_MS,
  }: CommandOptions = {},
): Promise<CommandResult> {
  const label = shortened(given);
  const toolCallId = `${step.key}/${name}`;
  await step.say({
    type: "tool_call",
    toolCallId,
    title: label,
    kind: "execute",
    status: "in_progress",
    rawInput: argv.map(shortened),
  });
  let shown = 0;
  let tail = "";
  const spec = { argv: inProject(argv), env: ENVIRONMENT, timeoutMs, outputLimit: 8 * 1024 * 1024 };
  const result = await project.context.directory.run(step.processId(name), spec, async (piece) => {
    tail = (tail + piece.text).slice(-TAIL);
    if (shown < SHOWN && !quiet) await step.say({ type: "output", stream: piece.stream, text: piece.text });
    shown += piece.text.length;
  });
  const trouble = troubleOf(result, timeoutMs);
  const well = done.includes(result.exitCode ?? -1) || lacks?.test(tail) === true;
  await step.say({
    type: "tool_call_update",
    toolCallId,
    status: well && !trouble ? "completed" : "failed",
    rawOutput: { exitCode: result.exitCode, signal: result.signal, timedOut: result.timedOut },
  });
  const { exitCode, stdout, durationMs } = result;
  return { command: label, exitCode, tail, stdout, durationMs, trouble };
}

function shortened(text: string): string {
  return text.length <= WORDS ? text : `${text.slice(0, WORDS).toWellFormed()}…`;
}

function troubleOf(
  result: { timedOut: boolean; outOfMemory: boolean; signal: string | null },
  timeoutMs: number,
): string | null {
  if (result.timedOut) return `It did not end within ${timeoutMs / 1000} seconds and was stopped.`;
  if (result.outOfMemory) return "It ran out of memory and was stopped.";
  return result.signal ? `It was ended by ${result.signal}.` : null;
}
