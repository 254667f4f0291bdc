import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import type { WorkspaceStats } from "#workspaces/driver.ts";
import { type GroupFigures, type Groups, readFigures } from "#workspaces/drivers/cgroup-figures.ts";
import { LABELS } from "#workspaces/drivers/docker/container-spec.ts";
import { engineCall } from "#workspaces/drivers/docker/engine-call.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

const NOTHING: GroupFigures = { memoryBytes: null, cpuSeconds: null, processes: null };

/** From the control groups where we see them, else from the engine (which may take a second). */
export async function readContainerStats(
  docker: Docker,
  container: ContainerInspectInfo | null,
  groups: Groups = {},
): Promise<WorkspaceStats> {
  const running = container?.State.Running ?? false;
  const seen = Object.keys(groups).length > 0;
  const figures = !running
    ? NOTHING
    : seen
      ? await readFigures(groups)
      : await askEngine(docker, container?.Id ?? "");
  return {
    ...figures,
    memoryLimitBytes: container?.HostConfig.Memory ?? null,
    processesLimit: container?.HostConfig.PidsLimit ?? null,
    // Counted inside, where a walk through users' files can do no harm.
    diskBytes: null,
    diskLimitBytes: Number(container?.Config.Labels[LABELS.disk]) || null,
  };
}

async function askEngine(docker: Docker, id: string): Promise<GroupFigures> {
  const stats = await engineCall("measure a workspace", TUNABLES.engineMs, () =>
    docker.getContainer(id).stats({ stream: false, "one-shot": true }),
  );
  const { usage, stats: memory } = stats.memory_stats;
  const cache = memory?.inactive_file ?? memory?.total_inactive_file ?? 0;
  return {
    memoryBytes: usage === undefined ? null : Math.max(0, usage - cache),
    cpuSeconds: stats.cpu_stats.cpu_usage.total_usage / 1e9,
    processes: stats.pids_stats?.current ?? null,
  };
}
