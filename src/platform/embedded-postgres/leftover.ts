import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "#platform/embedded-postgres/place.ts";
import { signalProcess } from "#platform/signal-process.ts";

/**
 * Ends a server that an earlier Carrel left behind (its start was killed). The pid in the lock file counts only when
 * the process there is this cluster's: after a reboot the number may belong to a stranger, and PostgreSQL itself would
 * refuse to start on seeing it alive.
 */
export async function endLeftover(place: Place): Promise<void> {
  const pidFile = path.join(place.data, "postmaster.pid");
  const pid = Number((await readFile(pidFile, "utf8").catch(ignoreMissing))?.split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !signalProcess(pid, 0)) return;
  if (await isServerOf(pid, place.clusterName)) {
    await endServer(pid);
    return;
  }
  await rm(pidFile, { force: true });
  await rm(path.join(place.socket, ".s.PGSQL.5432.lock"), { force: true });
}

/** Fast shutdown: open transactions are rolled back, what was committed is written out. After 8 s, at once. */
export async function endServer(pid: number): Promise<void> {
  signalProcess(pid, "SIGINT");
  if (await isGone(pid, 8000)) return;
  signalProcess(pid, "SIGQUIT");
  if (await isGone(pid, 2000)) return;
  signalProcess(pid, "SIGKILL");
  await isGone(pid, 2000);
}

async function isServerOf(pid: number, clusterName: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(ignoreMissing);
  return commandLine?.includes(`cluster_name=${clusterName}`) ?? false;
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (!signalProcess(pid, 0)) return true;
    await sleep(20);
  }
  return false;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
}
