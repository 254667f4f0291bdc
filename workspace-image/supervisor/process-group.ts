import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { childEnvironment, type ProcessSpec } from "./process-spec.ts";
import { killDescendants, startTicks } from "./process-tree.ts";
import { type Places, SETTINGS } from "./settings.ts";

export interface Exit {
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  durationMs: number;
}

export type Stream = "stdout" | "stderr";

export interface Group {
  /** to the process and its session */
  signal(name: NodeJS.Signals): void;
  /** everything that came from it, at once */
  kill(): void;
  readonly ended: Promise<Exit>;
}

const START_FAILURES: Record<string, [number, string]> = {
  ENOENT: [127, "command not found"],
  EACCES: [126, "permission denied"],
  EAGAIN: [126, "the limit of processes is reached"],
  E2BIG: [126, "the argument list is too long"],
};

/** Starts a process in a session of its own. Nothing of it outlives it: leftovers are killed when it ends. */
export function startGroup(
  places: Places,
  spec: ProcessSpec,
  onOutput: (stream: Stream, chunk: Buffer) => void,
): Group {
  const marker = randomBytes(12).toString("hex");
  const script = spec.script === null ? null : `/tmp/carrel-${marker}`;
  if (script !== null) writeFileSync(script, spec.script ?? "", { mode: 0o600, flag: "wx" });
  const argv = spec.argv.map((word) => (word === "{script}" && script !== null ? script : word));
  const began = performance.now();
  const child = spawn(argv[0] as string, argv.slice(1), {
    cwd: spec.cwd,
    env: childEnvironment(places, spec, marker),
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const pid = child.pid ?? 0;
  const born = pid === 0 ? 0 : startTicks(pid);
  if (pid !== 0) preferWhenMemoryRunsOut(pid);
  child.stdout.on("data", (chunk: Buffer) => onOutput("stdout", chunk));
  child.stderr.on("data", (chunk: Buffer) => onOutput("stderr", chunk));
  // A process that does not read its input is free not to.
  child.stdin.on("error", () => {});
  child.stdin.end(spec.stdin);

  let timedOut = false;
  const kill = () => {
    if (pid !== 0) void killDescendants(pid, marker, born);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, spec.timeoutMs);

  const ended = new Promise<Exit>((resolve) => {
    let exit: { exitCode: number | null; signal: string | null } = { exitCode: null, signal: null };
    let leftovers = Promise.resolve();
    const finish = () => {
      if (script !== null) rmSync(script, { force: true });
      resolve({ ...exit, timedOut, durationMs: Math.round(performance.now() - began) });
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const [exitCode, words] = START_FAILURES[error.code ?? ""] ?? [126, error.message];
      onOutput("stderr", Buffer.from(`${argv[0]}: ${words}\n`));
      exit = { exitCode, signal: null };
      if (pid === 0) finish();
    });
    child.on("exit", (exitCode, signal) => {
      clearTimeout(timer);
      exit = { exitCode, signal };
      leftovers = killDescendants(pid, marker, born);
      void leftovers.then(() => {
        const drain = setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, SETTINGS.drainMs);
        child.once("close", () => clearTimeout(drain));
      });
    });
    // Its output may end before the last of its children does.
    child.on("close", () => {
      if (pid !== 0) void leftovers.then(finish);
    });
  });
  return { signal: (name) => signalSession(pid, name), kill, ended };
}

function preferWhenMemoryRunsOut(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(SETTINGS.oomScore));
  } catch {
    // It ended already, or the kernel does not let us: the choice is then the kernel's.
  }
}

function signalSession(pid: number, name: NodeJS.Signals): void {
  if (pid === 0) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It ended by itself.
  }
}
