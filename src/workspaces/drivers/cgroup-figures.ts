import { readFile } from "node:fs/promises";

/** Controller -> the directory of a workspace's control group in it. */
export type Groups = Record<string, string>;

async function figure(
  directory: string | undefined,
  files: string[],
  pattern: RegExp,
): Promise<number | null> {
  if (directory === undefined) return null;
  for (const file of files) {
    const found = pattern.exec(await readFile(`${directory}/${file}`, "utf8").catch(() => ""))?.[1];
    if (found !== undefined) return Number(found);
  }
  return null;
}

export interface GroupFigures {
  memoryBytes: number | null;
  cpuSeconds: number | null;
  processes: number | null;
}

/** null where no group counts. Memory without the file cache that the kernel would give back at once. */
export async function readFigures(groups: Groups): Promise<GroupFigures> {
  const { memory, pids, cpu, cpuacct } = groups;
  const [used, cache, processes, nanoseconds, microseconds] = await Promise.all([
    figure(memory, ["memory.usage_in_bytes", "memory.current"], /^(\d+)/),
    figure(memory, ["memory.stat"], /^(?:total_)?inactive_file (\d+)/m),
    figure(pids, ["pids.current"], /^(\d+)/),
    figure(cpuacct, ["cpuacct.usage"], /^(\d+)/),
    figure(cpu, ["cpu.stat"], /^usage_usec (\d+)/m),
  ]);
  return {
    memoryBytes: used === null ? null : Math.max(0, used - (cache ?? 0)),
    processes,
    cpuSeconds:
      nanoseconds === null ? (microseconds === null ? null : microseconds / 1e6) : nanoseconds / 1e9,
  };
}

export function readOutOfMemoryKills(groups: Groups): Promise<number | null> {
  return figure(groups.memory, ["memory.oom_control", "memory.events"], /^oom_kill (\d+)/m);
}
