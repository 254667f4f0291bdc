/** What an engine may ask of a workspace. The only way from a run into a container. */

import type { Readable } from "node:stream";

/**
 * The reason to abort with when another runner, or the next life of this one, is to go on: journalled processes are
 * left running and can be joined. Any other reason kills them.
 */
export const HANDOVER: unique symbol = Symbol.for("carrel.handover") as never;

export interface ProcessSpec {
  argv: string[];
  /** relative to the agent's directory */
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string | Uint8Array;
  /** milliseconds; at the limit the process and all its children are killed */
  timeoutMs: number;
  /** put into a file outside the agent's directory; the word `{script}` in argv becomes its path */
  script?: string;
  /** bytes kept of each stream; what is more is counted and dropped */
  outputLimit?: number;
}

export interface ProcessResult {
  exitCode: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  durationMs: number;
  timedOut: boolean;
  outOfMemory: boolean;
  truncated: boolean;
}

/** One piece of journalled output. seq starts at 1 and has no gap: the same piece always has the same seq. */
export interface OutputPiece {
  seq: number;
  stream: "stdout" | "stderr";
  text: string;
}

export interface FileEntry {
  /** relative to the agent's directory, forward slashes */
  path: string;
  type: "file" | "directory" | "link" | "other";
  size: number;
  /** 0o100644 or 0o100755 for files */
  mode: number;
  modifiedAt: string;
}

export interface AgentDirectory {
  readonly agentId: string;
  /** Runs once and waits; not journalled. For snippets and probes. */
  exec(spec: ProcessSpec, signal?: AbortSignal): Promise<ProcessResult>;
  /**
   * Starts a journalled process, or joins the one that was started under this id before (after a crash of the
   * runner, say): the same id never runs twice. Only where the whole workspace ended under it is it started once
   * more. onOutput gets every piece from the first, in order. An abort kills the process, except with HANDOVER.
   * @throws AppError unavailable when the workspace ended after some of it was told: run it again under its id
   */
  run(
    id: string,
    spec: ProcessSpec,
    onOutput: (piece: OutputPiece) => void | Promise<void>,
    signal?: AbortSignal,
  ): Promise<ProcessResult>;
  /** All entries below `path` (default: the directory itself); recursive only when asked. */
  list(
    path?: string,
    options?: { recursive?: boolean; skip?: string[]; limit?: number },
  ): Promise<FileEntry[]>;
  /** @throws AppError not_found, too_large */
  read(path: string, options?: { maxBytes?: number }): Promise<Buffer>;
  /** Atomic: written beside and renamed. Makes the directories on the way. */
  write(path: string, content: Uint8Array | string, options?: { mode?: number }): Promise<void>;
  /** A file, or a directory with all below it. @throws AppError not_found */
  remove(path: string): Promise<void>;
  /** As `read`, piece by piece; `size` in bytes is what the workspace says it is. */
  readStream(path: string): Promise<{ content: Readable; size: number }>;
  /** As `write`, piece by piece; `size` when it is known. @throws AppError too_large, limit_reached (disk) */
  writeStream(path: string, content: Readable, options?: { mode?: number; size?: number }): Promise<void>;
}

export interface Workspace {
  readonly userId: string;
  /** What was found inside: {python: "3.11.2", javascript: "22.23.3", typescript: …, bash: …}. */
  readonly languages: Record<string, string>;
  agent(agentId: string): AgentDirectory;
}
