import { Interruption } from "#runs/execution/interruption.ts";
import type { Lease } from "#runs/execution/leases.ts";
import { type AgentDirectory, HANDOVER, type Workspace } from "#workspaces/workspace.ts";

/**
 * The agent's directory for as long as the run is held, opened anew for each use: the workspace may have ended or
 * been taken back meanwhile. A cancelled run's processes are ended; those of a run that is handed over or lost go on,
 * and whoever goes on with the run joins them.
 */
export function guardedDirectory(
  agentId: string,
  lease: Lease,
  openWorkspace: () => Promise<Workspace>,
): AgentDirectory {
  const ending = new AbortController();
  lease.signal.addEventListener("abort", () => {
    ending.abort(isCancelled(lease.signal) ? lease.signal.reason : HANDOVER);
  });
  const open = async () => (await openWorkspace()).agent(agentId);
  const held = async <T>(work: (directory: AgentDirectory) => Promise<T>): Promise<T> => {
    const directory = await open();
    lease.assertHeld();
    return work(directory);
  };
  return {
    agentId,
    exec: (spec) =>
      leaving(
        lease,
        held((directory) => directory.exec(spec, ending.signal)),
      ),
    run: (id, spec, onOutput) =>
      leaving(
        lease,
        held((directory) => directory.run(id, spec, onOutput, ending.signal)),
      ),
    list: async (path, options) => (await open()).list(path, options),
    read: async (path, options) => (await open()).read(path, options),
    readStream: async (path) => (await open()).readStream(path),
    write: (path, content, options) => held((directory) => directory.write(path, content, options)),
    writeStream: (path, content, options) =>
      held((directory) => directory.writeStream(path, content, options)),
    remove: (path) => held((directory) => directory.remove(path)),
  };
}

/** What `work` gives, or the interruption when it comes first, unless that is what ends the work. */
function leaving<T>(lease: Lease, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      if (!isCancelled(lease.signal)) reject(lease.signal.reason);
    };
    if (lease.signal.aborted) leave();
    lease.signal.addEventListener("abort", leave);
    work.then(resolve, reject).finally(() => lease.signal.removeEventListener("abort", leave));
  });
}

function isCancelled(signal: AbortSignal): boolean {
  return signal.reason instanceof Interruption && signal.reason.reason === "cancelled";
}
