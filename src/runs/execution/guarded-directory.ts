import { Interruption } from "#runs/execution/interruption.ts";
import type { Lease } from "#runs/leases.ts";
import { type AgentDirectory, HANDOVER } from "#workspaces/workspace.ts";

/**
 * The agent's directory for as long as the run is held. A cancelled run's processes are ended; those of a run that is
 * handed over or lost go on, and whoever goes on with the run joins them.
 */
export function guardedDirectory(directory: AgentDirectory, lease: Lease): AgentDirectory {
  const ending = new AbortController();
  lease.signal.addEventListener("abort", () => {
    ending.abort(isCancelled(lease.signal) ? lease.signal.reason : HANDOVER);
  });
  return {
    agentId: directory.agentId,
    exec(spec) {
      lease.assertHeld();
      return leaving(lease, directory.exec(spec, ending.signal));
    },
    run(id, spec, onOutput) {
      lease.assertHeld();
      return leaving(lease, directory.run(id, spec, onOutput, ending.signal));
    },
    list: (path, options) => directory.list(path, options),
    read: (path, options) => directory.read(path, options),
    readStream: (path) => directory.readStream(path),
    async writeStream(path, content, options) {
      lease.assertHeld();
      return directory.writeStream(path, content, options);
    },
    async write(path, content, options) {
      lease.assertHeld();
      return directory.write(path, content, options);
    },
    async remove(path) {
      lease.assertHeld();
      return directory.remove(path);
    },
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
