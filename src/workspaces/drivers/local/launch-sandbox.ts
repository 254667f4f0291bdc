import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#platform/errors.ts";
import type { WorkspaceSpec } from "#workspaces/driver.ts";
import { KEY_VARIABLE, newLinkKey } from "#workspaces/drivers/greeting.ts";
import { entryFiles, makeGroups, readLayout, removeGroups } from "#workspaces/drivers/local/cgroups.ts";
import { readHardLimits, readHostLayout } from "#workspaces/drivers/local/host-layout.ts";
import { type LauncherName, launchCommand, launchEnvironment } from "#workspaces/drivers/local/launcher.ts";
import { type RuntimeFiles, writeOwnEtc } from "#workspaces/drivers/local/runtime-files.ts";
import { planSandbox, sandboxUid } from "#workspaces/drivers/local/sandbox-plan.ts";
import { type SandboxState, writeState } from "#workspaces/drivers/local/sandbox-state.ts";
import type { WorkspacePlaces } from "#workspaces/drivers/local/workspace-places.ts";
import { findInit, identify, isAlive, killProcess } from "#workspaces/drivers/process-identity.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

export interface Launch {
  launcher: LauncherName;
  runtime: RuntimeFiles;
  places: WorkspacePlaces;
  spec: WorkspaceSpec;
  /** of the control group, unique on this host */
  groupName: string;
  /** whether the supervisor answers at its socket */
  listens: (state: SandboxState) => Promise<boolean>;
}

/**
 * Starts a sandbox that outlives this runner and waits until its supervisor listens. The state is on disk before
 * that, so that a runner that dies here leaves nothing nobody knows of.
 * @throws AppError unavailable with the sandbox's own last words
 */
export async function launchSandbox(launch: Launch): Promise<SandboxState> {
  const { places, spec } = launch;
  const asRoot = process.getuid?.() === 0;
  const uid = sandboxUid(asRoot, spec.slot);
  const groups = await makeGroups(await readLayout(), launch.groupName, spec);
  let launcher: SandboxState["launcher"] | null = null;
  try {
    await writeOwnEtc(places.etc, uid);
    const plan = planSandbox({
      asRoot,
      host: await readHostLayout(),
      places: { ...places, ...launch.runtime },
      spec,
      cgroupFiles: entryFiles(groups),
      memoryByCgroup: groups.memory !== undefined,
      hardLimits: await readHardLimits(),
    });
    const linkKey = newLinkKey();
    const environment = launchEnvironment({
      [KEY_VARIABLE]: linkKey,
      CARREL_MEMORY_BYTES: String(spec.memoryBytes),
      CARREL_PROCESSES: String(spec.processes),
    });
    launcher = await spawnDetached(launchCommand(launch.launcher, plan), environment, places.log);
    const state: SandboxState = {
      launcher,
      init: null,
      uid: asRoot ? uid : (process.getuid?.() ?? 0),
      linkKey,
      cgroups: groups,
      memoryLimitBytes: spec.memoryBytes,
      processesLimit: spec.processes,
      diskLimitBytes: spec.diskBytes,
    };
    await writeState(places.state, state);
    await waitUntilListening(launch, state);
    const started = { ...state, init: await findInit(state.launcher.pid) };
    await writeState(places.state, started);
    return started;
  } catch (error) {
    if (launcher) await killProcess(launcher);
    await removeGroups(groups);
    throw error;
  }
}

async function spawnDetached(
  command: string[],
  env: NodeJS.ProcessEnv,
  log: string,
): Promise<SandboxState["launcher"]> {
  const output = await open(log, "w", 0o600);
  try {
    const child = spawn(command[0] as string, command.slice(1), {
      cwd: "/",
      env,
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
    });
    // Without it an error would end the runner; that there is no pid says all.
    child.on("error", () => child.unref());
    child.unref();
    const identity = child.pid === undefined ? null : await identify(child.pid);
    if (!identity) throw new AppError("unavailable", `The workspace did not start: ${await lastWords(log)}`);
    return identity;
  } finally {
    await output.close();
  }
}

async function waitUntilListening({ listens, places }: Launch, state: SandboxState): Promise<void> {
  const deadline = Date.now() + TUNABLES.startMs;
  while (Date.now() < deadline) {
    if (await listens(state)) return;
    if (!(await isAlive(state.launcher))) break;
    await sleep(TUNABLES.startPollMs);
  }
  throw new AppError("unavailable", `The workspace did not start: ${await lastWords(places.log)}`);
}

/** What it said of its end: the error that ended it, else its last line. */
async function lastWords(log: string): Promise<string> {
  const lines = (await readFile(log, "utf8")).split("\n").filter((line) => line.trim() !== "");
  const words = lines.find((line) => /^\w*Error\b.*:/.test(line)) ?? lines.at(-1);
  return words === undefined ? "it ended without a word." : words.slice(0, 300);
}
