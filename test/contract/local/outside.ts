import { execFile } from "node:child_process";
import { chmod, readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { readState } from "#workspaces/drivers/local/sandbox-state.ts";
import { placesOf } from "#workspaces/drivers/local/workspace-places.ts";

/** A shell of the host in the directory of a workspace's socket. */
export async function outside(home: string, userId: string, script: string): Promise<string> {
  const places = placesOf(home, userId);
  const state = await readState(places.state);
  if (!state?.init) throw new Error("the workspace does not run");
  const env = {
    ...process.env,
    SUPERVISOR: String(await findSupervisor(state.init.pid)),
    OWNER: String(state.uid),
    DATA: places.data,
  };
  // A script before this one may have closed it.
  await chmod(places.run, 0o700);
  const { stdout } = await promisify(execFile)("/bin/bash", ["-c", script], { cwd: places.run, env });
  return stdout;
}

/** The child of the sandbox's first process that runs the supervisor; pids as the host sees them. */
async function findSupervisor(init: number): Promise<number> {
  for (const pid of (await readdir("/proc")).filter((name) => /^[0-9]+$/.test(name))) {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, "latin1").catch(() => "");
    const parent = /^PPid:\s+(\d+)/m.exec(await read("status"))?.[1];
    if (Number(parent) === init && (await read("cmdline")).includes("supervisor/main.js")) return Number(pid);
  }
  throw new Error("the supervisor was not found");
}
