import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { WorkspaceSpec } from "#workspaces/driver.ts";
import type { Groups } from "#workspaces/drivers/cgroup-figures.ts";
import { type CgroupLayout, layoutOf } from "#workspaces/drivers/cgroup-layout.ts";

const readOr = (file: string, instead: string) => readFile(file, "utf8").catch(() => instead);

export async function readLayout(): Promise<CgroupLayout> {
  const [group, mounts] = await Promise.all([
    readOr("/proc/self/cgroup", ""),
    readOr("/proc/self/mountinfo", ""),
  ]);
  const at = / (\/\S+) [^\n]* - cgroup2 /.exec(mounts)?.[1];
  const unified = at ? (await readOr(`${at}/cgroup.controllers`, "")).trim().split(" ") : [];
  return layoutOf(group, mounts, unified);
}

type Setting = [file: string, value: string, needed: boolean];

/** What is written into a fresh group; what is not needed may be missing (no swap accounting, say). Pure. */
export function groupSettings(version: 1 | 2, controller: string, spec: WorkspaceSpec): Setting[] {
  const memory = String(spec.memoryBytes);
  const quota = String(Math.round(spec.cpus * 100_000));
  const byName: Record<string, Setting[]> =
    version === 1
      ? {
          memory: [
            ["memory.limit_in_bytes", memory, true],
            ["memory.memsw.limit_in_bytes", memory, false],
          ],
          pids: [["pids.max", String(spec.processes), true]],
          cpu: [
            ["cpu.cfs_period_us", "100000", true],
            ["cpu.cfs_quota_us", quota, true],
          ],
        }
      : {
          memory: [
            ["memory.max", memory, true],
            ["memory.swap.max", "0", false],
          ],
          pids: [["pids.max", String(spec.processes), true]],
          cpu: [["cpu.max", `${quota} 100000`, true]],
        };
  return byName[controller] ?? [];
}

/** Makes the groups that this host lets us make. What is missing from the answer is not enforced. */
export async function makeGroups(layout: CgroupLayout, name: string, spec: WorkspaceSpec): Promise<Groups> {
  const groups: Groups = {};
  let chosen: string | null = null;
  for (const [controller, places] of Object.entries(layout.controllers)) {
    // In version 2 a process stands in one group alone: the first controller that works decides where.
    const allowed: string[] = layout.version === 2 && chosen !== null ? [chosen] : places;
    for (const place of allowed) {
      const made = await makeGroup(layout.version, controller, place, name, spec);
      if (made === null) continue;
      groups[controller] = made;
      chosen = place;
      break;
    }
  }
  return groups;
}

async function makeGroup(
  version: 1 | 2,
  controller: string,
  place: string,
  name: string,
  spec: WorkspaceSpec,
): Promise<string | null> {
  const directory = `${place}/${name}`;
  try {
    if (version === 2) await writeFile(`${place}/cgroup.subtree_control`, `+${controller}`);
    await mkdir(directory, { recursive: true });
    for (const [file, value, needed] of groupSettings(version, controller, spec)) {
      await writeFile(`${directory}/${file}`, value).catch((error: unknown) => {
        if (needed) throw error;
      });
    }
    return directory;
  } catch {
    // Not ours to make on this host: the probe says so in words.
    // A directory that cannot be removed again is empty and limits nothing.
    // In version 2 another controller may use the directory: a group that is in use, or has limits, is kept then.
    if (version === 1) await rmdir(directory).catch(() => undefined);
    return null;
  }
}

/** The files that take a pid into the groups; with version 2 the groups are one. */
export function entryFiles(groups: Groups): string[] {
  return [...new Set(Object.values(groups))].map((directory) => `${directory}/cgroup.procs`);
}

/** Safe to repeat. A group empties a moment after its last process died. */
export async function removeGroups(groups: Groups): Promise<void> {
  for (const directory of new Set(Object.values(groups))) {
    for (let attempt = 0; attempt < 50; attempt++) {
      const code = await rmdir(directory).then(
        () => "",
        (error: NodeJS.ErrnoException) => error.code,
      );
      if (code !== "EBUSY") break;
      await sleep(10);
    }
  }
}
