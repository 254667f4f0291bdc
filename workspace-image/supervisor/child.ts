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

/** A process that was started, whoever is its parent. */
export interface Child {
  readonly pid: number;
  /** whose child its orphans become */
  readonly keeper: number;
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
