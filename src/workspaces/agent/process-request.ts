import { AppError } from "#platform/errors.ts";
import { checkPath } from "#workspaces/agent/check-path.ts";
import type { Connection } from "#workspaces/connection.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { ProcessResult, ProcessSpec } from "#workspaces/workspace.ts";

export interface ProcessRequest {
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  stdin: string;
  timeoutMs: number;
  outputLimit: number;
  script?: string;
}

/** A process as the supervisor is asked for it, within our limits. @throws AppError bad_request, too_large */
export function toRequest(spec: ProcessSpec, longestMs: number): ProcessRequest {
  const words = [...spec.argv, ...Object.keys(spec.env ?? {}), ...Object.values(spec.env ?? {})];
  if (spec.argv.length === 0 || spec.argv[0] === "")
    throw new AppError("bad_request", "There is no command.");
  if (words.some((word) => word.includes("\0")))
    throw new AppError("bad_request", "The command holds a NUL character.");
  if (!(spec.timeoutMs > 0)) throw new AppError("bad_request", "timeoutMs must be more than 0.");
  const stdin = Buffer.from(spec.stdin ?? "");
  if (stdin.length > TUNABLES.standardInputMost)
    throw new AppError("too_large", "The standard input is too large.");
  return {
    argv: spec.argv,
    cwd: checkPath(spec.cwd ?? "", { mayBeRoot: true }),
    env: spec.env ?? {},
    stdin: stdin.toString("base64"),
    timeoutMs: Math.min(spec.timeoutMs, longestMs),
    outputLimit: Math.min(spec.outputLimit ?? TUNABLES.outputLimit, TUNABLES.outputLimitMost),
    ...(spec.script === undefined ? {} : { script: spec.script }),
  };
}

const LANGUAGE_SAYS = [/JavaScript heap out of memory/, /^MemoryError$/m, /Cannot allocate memory/];

/**
 * Whether it was memory that ended it: the kernel counted a kill since there were `before`, or the language said so
 * before it gave up. Not asked of what ended well.
 */
export async function ranOutOfMemory(
  exit: Pick<ProcessResult, "exitCode" | "signal" | "timedOut">,
  stderr: string,
  connection: Pick<Connection, "outOfMemoryKills">,
  before: number | null,
): Promise<boolean> {
  if (exit.exitCode === 0) return false;
  if (!exit.timedOut && LANGUAGE_SAYS.some((words) => words.test(stderr))) return true;
  const after = before === null ? null : await connection.outOfMemoryKills();
  return before !== null && after !== null && after > before;
}
