import { readdir, readFile } from "node:fs/promises";

/** A process for certain: pids are used again, pid and start time within one boot are not. */
export interface ProcessIdentity {
  pid: number;
  /** clock ticks since boot, field 22 of /proc/<pid>/stat */
  started: string;
  boot: string;
}

async function fieldsOf(pid: number | string): Promise<string[] | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    // There is no such process.
    return null;
  }
}

async function bootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
}

/** null when it is gone, or dead and not yet reaped. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const fields = await fieldsOf(pid);
  if (!fields || fields[0] === "Z" || fields[0] === "X") return null;
  return { pid, started: fields[19] ?? "", boot: await bootId() };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identify(identity.pid);
  return now !== null && now.started === identity.started && now.boot === identity.boot;
}

/** The first child of a process, null when it has none. */
export async function firstChild(pid: number): Promise<ProcessIdentity | null> {
  for (const name of await readdir("/proc")) {
    if (!/^[0-9]+$/.test(name)) continue;
    if ((await fieldsOf(name))?.[1] === String(pid)) return identify(Number(name));
  }
  return null;
}

/** SIGKILL to that very process; to nobody when it is gone. */
export async function killProcess(identity: ProcessIdentity): Promise<void> {
  if (!(await isAlive(identity))) return;
  try {
    process.kill(identity.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
