import type { Readable, Writable } from "node:stream";

export interface Command {
  agent: string;
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  /** whether it gets an input other than an empty one */
  input: boolean;
}

export interface End {
  exitCode: number | null;
  signal: string | null;
  /** whether anything that it started may still be there */
  leftovers: boolean;
}

/** Whose child a process is, and its orphans become. */
export interface Starter {
  readonly pid: number;
  /** pids of all that it started and whose end it has not told */
  started(): ReadonlySet<number>;
  /** what is being started now either is in `started` or has failed */
  settled(): Promise<unknown>;
}

/** A process that was started, whoever is its parent. */
export interface Child {
  readonly pid: number;
  readonly starter: Starter;
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<End>;
}

/** It could not be started. */
export class StartError extends Error {
  readonly errno: string;

  constructor(errno: string) {
    super(`The process could not be started: ${errno}`);
    this.errno = errno;
  }
}
