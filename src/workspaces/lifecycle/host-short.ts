import { readFile, statfs } from "node:fs/promises";

export interface HostFloor {
  /** memory that must be available, bytes; 0: any */
  memoryBytes: number;
  /** room on the disk of the data, bytes; 0: any */
  diskBytes: number;
}

/** What this host is too short of to start anything: "memory", "disk", or null. */
export async function hostShort(home: string, floor: HostFloor): Promise<"memory" | "disk" | null> {
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(
    await readFile("/proc/meminfo", "utf8").catch(() => ""),
  );
  if (available && Number(available[1]) * 1024 < floor.memoryBytes) return "memory";
  const disk = await statfs(home).catch(() => null);
  if (disk && disk.bavail * disk.bsize < floor.diskBytes) return "disk";
  return null;
}
