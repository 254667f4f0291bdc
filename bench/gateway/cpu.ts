import { readdir, readFile } from "node:fs/promises";

const TICK_MS = 10;

/** CPU milliseconds that a process and all that it started have used, as the kernel counts them. */
export async function cpuOf(pid: number): Promise<number> {
  const stats = await Promise.all(
    (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(readStat),
  );
  const processes = stats.filter((stat) => stat !== null);
  const family = new Set([pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const stat of processes) if (family.has(stat.parent)) family.add(stat.pid);
  }
  const ticks = processes.filter((stat) => family.has(stat.pid)).map((stat) => stat.ticks);
  return ticks.reduce((sum, own) => sum + own, 0) * TICK_MS;
}

async function readStat(pid: string): Promise<{ pid: number; parent: number; ticks: number } | null> {
  // A process that ends while it is looked at is no part of any sum.
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // user and system time of its own, and of its children that have ended
  const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
  return { pid: Number(pid), parent: Number(fields[1]), ticks };
}
