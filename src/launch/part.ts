import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { NODE_FLAGS } from "#launch/node-flags.ts";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));

export type PartName = "gateway" | "runner" | "web";

/** What a part says by IPC when it can serve. */
export interface Ready {
  address: string;
  /** one line for the operator, e.g. what this machine cannot enforce */
  note?: string;
}

export interface Part {
  name: PartName;
  pid: number;
  logFile: string;
  /** settles when it serves; rejects when it ended before */
  ready: Promise<Ready>;
  /** settles with how it ended, in words */
  ended: Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL when it is still there after `graceMs` */
  stop(graceMs: number): Promise<void>;
}

export interface PartOptions {
  name: PartName;
  env: Record<string, string>;
  logFile: string;
  args?: string[];
}

/**
 * Starts `src/<name>.ts` in a process of its own. Its output goes straight to its log file, so that it does not
 * depend on us; the IPC channel tells us that it is ready, and tells it when we are gone.
 */
export async function startPart({ name, env, logFile, args = [] }: PartOptions): Promise<Part> {
  await mkdir(path.dirname(logFile), { recursive: true });
  const log = await open(logFile, "a", 0o600);
  // Detached: a Ctrl-C in the terminal is for us, who end the parts in their order.
  const child = spawn(process.execPath, [...(NODE_FLAGS[name] ?? []), `src/${name}.ts`, ...args], {
    cwd: CHECKOUT,
    env: env as NodeJS.ProcessEnv,
    stdio: ["ignore", log.fd, log.fd, "ipc"],
    detached: true,
  });
  await once(child, "spawn");
  await log.close();
  const ended = once(child, "exit").then(([code, signal]) =>
    signal ? `by ${signal}` : `with exit code ${code}`,
  );
  const ready = Promise.race([untilReady(child), ended.then(fail)]);
  ready.catch(() => {
    // Whoever waits for `ready` hears of it; nobody has to.
  });
  return {
    name,
    pid: child.pid as number,
    logFile,
    ready,
    ended,
    // Through the child, not the number: once it has ended the number may belong to somebody else.
    signal: (signal) => void child.kill(signal),
    async stop(graceMs) {
      child.kill("SIGTERM");
      const timer = new AbortController();
      const late = sleep(graceMs, "late", { signal: timer.signal }).catch(() => "in time");
      if ((await Promise.race([ended, late])) === "late") child.kill("SIGKILL");
      timer.abort();
      await ended;
    },
  };
}

async function untilReady(child: ChildProcess): Promise<Ready> {
  for (;;) {
    const [message] = (await once(child, "message")) as [{ ready?: boolean } & Ready];
    if (message.ready) return message;
  }
}

function fail(how: string): never {
  throw new Error(`ended ${how}`);
}
