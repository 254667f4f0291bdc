import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { bubblewrapCommand } from "#workspaces/drivers/local/bubblewrap-command.ts";
import type { SandboxPlan } from "#workspaces/drivers/local/sandbox-plan.ts";
import { utilLinuxCommand } from "#workspaces/drivers/local/util-linux-command.ts";

export type LauncherName = "bubblewrap" | "util-linux";

/** Where the programs of either launcher are looked for; an ordinary user's PATH often lacks the last two. */
export const LAUNCH_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

const NEEDS: Record<LauncherName, string[]> = {
  bubblewrap: ["bwrap", "prlimit", "setpriv"],
  "util-linux": ["unshare", "mount", "umount", "pivot_root", "setpriv", "prlimit"],
};

export function launchCommand(launcher: LauncherName, plan: SandboxPlan): string[] {
  return launcher === "bubblewrap" ? bubblewrapCommand(plan) : utilLinuxCommand(plan);
}

/** All that a sandbox's first process inherits. */
export function launchEnvironment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const environment: Record<string, string> = {
    ...more,
    PATH: LAUNCH_PATH,
    LANG: "C.UTF-8",
    HOME: "/workspace",
    CARREL_WORKSPACE: "/workspace",
    CARREL_SOCKET: "/run/carrel/supervisor.sock",
  };
  return environment as NodeJS.ProcessEnv;
}

/** The programs that this launcher needs and this host does not have. */
export async function missingPrograms(launcher: LauncherName): Promise<string[]> {
  const missing = [];
  for (const name of NEEDS[launcher]) if (!(await isOnPath(name))) missing.push(name);
  return missing;
}

async function isOnPath(name: string): Promise<boolean> {
  for (const directory of LAUNCH_PATH.split(":")) {
    const found = await access(`${directory}/${name}`, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}

/** Runs a sandbox to its end. For probes; a workspace is launched detached. */
export function runToEnd(
  command: string[],
  timeoutMs: number,
): Promise<{ ok: boolean; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = {
      env: launchEnvironment(),
      timeout: timeoutMs,
      killSignal: "SIGKILL" as const,
      cwd: "/",
    };
    execFile(command[0] as string, command.slice(1), options, (error, stdout, stderr) => {
      resolve({ ok: error === null, stdout, stderr: stderr || (error?.message ?? "") });
    });
  });
}
