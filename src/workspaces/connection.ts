import type { Link } from "#workspaces/link/link.ts";

/** A command that the kernel ended for want of memory. */
export interface MemoryKill {
  agentId: string;
  command: string;
}

/** A workspace that is up, from the runner's side: whoever asks for the link gets one that can be used now. */
export interface Connection {
  /** Dials, and starts the workspace again when it ended. @throws AppError unavailable, conflict */
  link(): Promise<Link>;
  outOfMemoryKills(): Promise<number | null>;
  noteOutOfMemory(kill: MemoryKill): void;
  /** longest time a command may be given (ms) */
  readonly commandMs: number;
}
