import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type Child, type Command, type End, StartError, type Starter } from "./child.ts";
import { SETTINGS } from "./settings.ts";

/** Orphans go to the first process, whose children none of ours are. */
const FIRST: Starter = { pid: 1, started: () => new Set(), settled: async () => {} };

/** A process as our own child, in nobody's domain. */
export async function spawnDirectly({ argv, cwd, env, input }: Command): Promise<Child> {
  const stdio: ("pipe" | "ignore")[] = [input ? "pipe" : "ignore", "pipe", "pipe"];
  const child = spawn(argv[0] as string, argv.slice(1), {
    cwd,
    env: env as NodeJS.ProcessEnv,
    detached: true,
    stdio,
  });
  const ended = new Promise<End>((resolve) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal, leftovers: true }));
  });
  await once(child, "spawn").catch((error: NodeJS.ErrnoException) => {
    throw new StartError(error.code ?? "EINVAL");
  });
  const { pid = 0, stdin, stdout, stderr } = child;
  if (!stdout || !stderr) throw new StartError("EMFILE");
  preferWhenMemoryRunsOut(pid);
  return { pid, starter: FIRST, stdin, stdout, stderr, ended };
}

function preferWhenMemoryRunsOut(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(SETTINGS.oomScore));
  } catch {
    // It ended already, or the kernel does not let us: the choice is then the kernel's.
  }
}
