import type { Duplex } from "node:stream";

/** Which of the two conversations a new duplex is for: `F` the workspace serves, `R` the runner serves. */
export type LinkRole = "F" | "R";

export interface WorkspaceSpec {
  userId: string;
  /** unique per installation; a driver without an engine makes the sandbox's uid from it */
  slot: number;
  memoryBytes: number;
  cpus: number;
  processes: number;
  openFiles: number;
  diskBytes: number;
}

export interface WorkspaceStatus {
  state: "absent" | "running" | "paused" | "stopped";
}

export interface WorkspaceStats {
  memoryBytes: number | null;
  memoryLimitBytes: number | null;
  cpuSeconds: number | null;
  processes: number | null;
  processesLimit: number | null;
  diskBytes: number | null;
  diskLimitBytes: number | null;
}

/** What this host can make a workspace obey, found by trying, and what it cannot, said in words. */
export interface HostReport {
  driver: string;
  sandbox: string;
  enforced: string[];
  notEnforced: string[];
}

/** What a runner says of itself: the platform that new workspaces get, and all that it can serve. */
export interface RunnerHost extends HostReport {
  drivers: string[];
}

/**
 * What a platform must be able to do to hold workspaces. Nothing above this line knows a platform's words;
 * nothing below it knows users' or runs' rules. Every call has a deadline of its own and is safe to repeat.
 */
export interface WorkspaceDriver {
  readonly name: "docker" | "kubernetes" | "local";
  /** Tries the platform. @throws AppError unavailable with what to install, when nothing could run here. */
  probe(): Promise<HostReport>;
  /** Makes what persists (a directory, a volume) and the container's definition; starts nothing. */
  create(spec: WorkspaceSpec): Promise<void>;
  /** Starts it, or finds it running; resolves when a dial can succeed. */
  start(spec: WorkspaceSpec): Promise<void>;
  /** Ends every process in it; data stays. */
  stop(userId: string): Promise<void>;
  /** Ends it and removes all data. */
  destroy(userId: string): Promise<void>;
  /** The users whose workspaces run on this host, whoever started them. */
  running(): Promise<string[]>;
  status(userId: string): Promise<WorkspaceStatus>;
  stats(userId: string): Promise<WorkspaceStats>;
  /** How often the kernel killed something in it for want of memory, since its start; null where nobody counts. */
  outOfMemoryKills(userId: string): Promise<number | null>;
  /** A raw duplex to the supervisor inside; its first byte, the role, is already sent. */
  dial(userId: string, role: LinkRole): Promise<Duplex>;
  /** Gives back what workspaces that do not run still hold of this host (mounts, devices). */
  tidy?(): Promise<void>;
  pause?(userId: string): Promise<void>;
  resume?(userId: string): Promise<void>;
}
