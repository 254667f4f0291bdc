import { readFile } from "node:fs/promises";
import type { Groups } from "#workspaces/drivers/cgroup-figures.ts";
import { layoutOf } from "#workspaces/drivers/cgroup-layout.ts";

/**
 * The control groups of a container, where its engine runs on this very host and we see its processes; else none. Read
 * in microseconds, where the engine itself takes seconds for the same figures.
 */
export async function containerGroups(pid: number, containerId: string): Promise<Groups> {
  const [groups, mounts] = await Promise.all([
    readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => ""),
    readFile("/proc/self/mountinfo", "utf8").catch(() => ""),
  ]);
  // The pid is the engine's: on another host it is somebody else.
  if (pid <= 0 || !groups.includes(containerId)) return {};
  const { controllers } = layoutOf(groups, mounts, ["memory", "pids", "cpu"]);
  const own = Object.entries(controllers).map(([name, places]) => [name, places[0] ?? ""] as const);
  return Object.fromEntries(own.filter(([, place]) => place.includes(containerId)));
}
