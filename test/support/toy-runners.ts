import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface Saying {
  at: number;
  what: "begin" | "end";
  runId: string;
}

export interface ToyRunner {
  child: ChildProcess;
  said: Saying[];
  signal(name: NodeJS.Signals): void;
  ended: Promise<unknown>;
}

export interface ToyOptions {
  maxRuns?: number;
  stepMs?: number;
  standsStillMs?: number;
}

export function startToyRunner(url: string, options: ToyOptions = {}): ToyRunner {
  const { maxRuns = 20, stepMs = 30, standsStillMs = 60_000 } = options;
  const figures = [maxRuns, stepMs, standsStillMs].map(String);
  const child = spawn(process.execPath, ["test/support/toy-runner.ts", url, ...figures], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: Saying[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => said.push(JSON.parse(line)));
  return { child, said, signal: (name) => child.kill(name), ended: once(child, "exit") };
}

export async function stopToyRunners(runners: ToyRunner[]): Promise<void> {
  for (const { child } of runners) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGCONT");
    child.kill("SIGTERM");
  }
  await Promise.all(runners.map(({ ended }) => ended));
}

/** How many of these were worked on at the same time at most; a holding without an end lasts until `deadAt`. */
export function mostAtOnce(runners: { said: Saying[]; deadAt?: number }[], runIds: Set<string>): number {
  const turns: [number, number][] = [];
  for (const { said, deadAt } of runners) {
    const open = new Map<string, number>();
    for (const { at, what, runId } of said) {
      if (!runIds.has(runId) || (deadAt !== undefined && at > deadAt)) continue;
      open.set(runId, (open.get(runId) ?? 0) + (what === "begin" ? 1 : -1));
      turns.push([at, what === "begin" ? 1 : -1]);
    }
    for (const count of open.values()) if (count > 0) turns.push([deadAt ?? Number.MAX_SAFE_INTEGER, -count]);
  }
  // At the same millisecond an end comes before a begin.
  turns.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let now = 0;
  let most = 0;
  for (const [, change] of turns) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}
