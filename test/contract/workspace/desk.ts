import type { HostReport, WorkspaceDriver, WorkspaceSpec } from "#workspaces/driver.ts";
import { HeldWorkspace } from "#workspaces/held-workspace.ts";
import type { ReverseDoor } from "#workspaces/link/serve-reverse.ts";

/** What the contract needs of a platform: drivers on one and the same place, as runners after one another have. */
export interface Platform {
  /** a driver as a new runner would make it */
  driver(): WorkspaceDriver;
  /** where the host's own things lie that a workspace must not see */
  hostPaths: string[];
  /** what the host says of itself: what is not held must be said there */
  report: HostReport;
  /**
   * Runs a shell's script in the directory of a workspace's socket, with no part in any agent's domain: what only the
   * platform can do, and users' code could where nothing keeps agents apart. SUPERVISOR is its pid, OWNER
   * whose socket it is, DATA where the agents' directories lie.
   */
  outside(userId: string, script: string): Promise<string>;
}

/** Whether the host says that it enforces this; said it must be, one way or the other. */
export function holds({ report }: Platform, limit: string): boolean {
  const held = report.enforced.some((words) => words.startsWith(limit));
  if (!held && !report.notEnforced.some((words) => words.startsWith(limit)))
    throw new Error(`the host's report does not mention the ${limit}`);
  return held;
}

const MiB = 1024 * 1024;

let slots = process.pid % 10_000;

/** The limits of a small workspace, with a user of its own. */
export function smallSpec(userId: string = crypto.randomUUID()): WorkspaceSpec {
  slots += 1;
  return {
    userId,
    slot: slots,
    memoryBytes: 256 * MiB,
    cpus: 1,
    processes: 96,
    openFiles: 512,
    diskBytes: 256 * MiB,
  };
}

/** A runner's hold on a workspace, without a database: as owner number `fence`. */
export function hold(driver: WorkspaceDriver, spec: WorkspaceSpec, fence = 1): HeldWorkspace {
  return new HeldWorkspace({ driver, spec, commandMs: 60_000, fence, until: Number.POSITIVE_INFINITY });
}

/** The same, with a way out. */
export function holdOpen(
  driver: WorkspaceDriver,
  spec: WorkspaceSpec,
  network: { door(userId: string): ReverseDoor },
  fence = 1,
): HeldWorkspace {
  const until = Number.POSITIVE_INFINITY;
  return new HeldWorkspace({
    driver,
    spec,
    commandMs: 60_000,
    fence,
    until,
    door: network.door(spec.userId),
  });
}

export const sh = (script: string, timeoutMs = 10_000) => ({ argv: ["/bin/bash", "-c", script], timeoutMs });

/** How long to look for what will come, on a machine that is busy. */
export const PATIENCE = { timeout: 15_000 };
