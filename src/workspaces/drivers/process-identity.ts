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

/** Pid 1 of the sandbox that a launcher made, some generations below it; null when there is none. */
export async function findInit(launcher: number): Promise<ProcessIdentity | null> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    const fields = /^[0-9]+$/.test(name) ? await fieldsOf(name) : null;
    if (fields) parents.set(Number(fields[1]), Number(name));
  }
  for (let pid = parents.get(launcher); pid !== undefined; pid = parents.get(pid)) {
    if (await isFirstOfItsNamespace(pid)) return identify(pid);
  }
  return null;
}

/** proc(5), NSpid: the pid in each namespace from ours down to its own. */
async function isFirstOfItsNamespace(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const pids = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
  return pids.length > 1 && pids.at(-1) === "1";
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
