import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#platform/errors.ts";
import type { HostReport } from "#workspaces/driver.ts";
import type { Groups } from "#workspaces/drivers/cgroup-figures.ts";
import { entryFiles, makeGroups, readLayout, removeGroups } from "#workspaces/drivers/local/cgroups.ts";
import { readHardLimits, readHostLayout } from "#workspaces/drivers/local/host-layout.ts";
import {
  type LauncherName,
  launchCommand,
  missingPrograms,
  runToEnd,
} from "#workspaces/drivers/local/launcher.ts";
import { type RuntimeFiles, writeOwnEtc } from "#workspaces/drivers/local/runtime-files.ts";
import { planSandbox, sandboxUid } from "#workspaces/drivers/local/sandbox-plan.ts";
import { giveTo } from "#workspaces/drivers/local/workspace-places.ts";
import { openDoor, PROBE_SCRIPT, ProbeAnswer } from "#workspaces/drivers/probe-script.ts";
import { tellSeparation } from "#workspaces/drivers/tell-separation.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

const HOW_TO_MEND =
  "Install bubblewrap (apt-get install bubblewrap), or allow user namespaces " +
  "(sysctl kernel.unprivileged_userns_clone=1, or kernel.apparmor_restrict_unprivileged_userns=0), or start as root.";

export interface Probed {
  launcher: LauncherName;
  report: HostReport;
  /** whether the program that keeps agents apart runs in there */
  keeperRuns: boolean;
}

/**
 * Runs a real sandbox with each launcher until one holds, and says in words what it enforces. Nothing is believed
 * that was not seen from inside.
 * @throws AppError unavailable, one line, when none does
 */
export async function probeHost(
  home: string,
  runtime: RuntimeFiles,
  launchers: LauncherName[],
): Promise<Probed> {
  if (process.platform !== "linux") {
    throw new AppError(
      "unavailable",
      "Local workspaces need Linux; here a container engine (Docker) is needed.",
    );
  }
  const reasons: string[] = [];
  for (const launcher of launchers) {
    const missing = await missingPrograms(launcher);
    if (missing.length > 0) {
      reasons.push(`${launcher}: ${missing.join(", ")} not installed`);
      continue;
    }
    const tried = await tryLauncher(home, runtime, launcher);
    if (typeof tried !== "string") return { launcher, ...tried };
    reasons.push(`${launcher}: ${tried}`);
  }
  throw new AppError(
    "unavailable",
    `This machine refuses to make a sandbox (${reasons.join("; ")}). ${HOW_TO_MEND}`,
  );
}

/** What was found, or why there is nothing. */
async function tryLauncher(
  home: string,
  runtime: RuntimeFiles,
  launcher: LauncherName,
): Promise<Omit<Probed, "launcher"> | string> {
  const directory = await mkdtemp(path.join(home, "probe-"));
  const spec = {
    userId: "probe",
    slot: -1,
    memoryBytes: 512 * 1024 * 1024,
    cpus: 1,
    processes: 256,
    openFiles: 512,
    diskBytes: 1024 ** 3,
  };
  const asRoot = process.getuid?.() === 0;
  const places = { data: `${directory}/data`, run: `${directory}/run`, mountPoint: `${directory}/root` };
  for (const place of Object.values(places)) await mkdir(place, { mode: 0o700 });
  if (asRoot && !(await canGive(sandboxUid(true, spec.slot), [places.data, places.run]))) {
    await rm(directory, { recursive: true, force: true });
    return "this root is one of a container only and cannot give a workspace a user id of its own";
  }
  await writeOwnEtc(`${directory}/etc`, sandboxUid(asRoot, spec.slot));
  const layout = await readLayout();
  const groups = await makeGroups(layout, path.basename(directory), spec);
  try {
    const plan = planSandbox({
      asRoot,
      host: await readHostLayout(),
      places: { ...places, etc: `${directory}/etc`, ...runtime },
      spec,
      cgroupFiles: entryFiles(groups),
      memoryByCgroup: groups.memory !== undefined,
      hardLimits: await readHardLimits(),
      command: ["/opt/carrel/bin/node", "-e", PROBE_SCRIPT],
    });
    const { ok, stdout, stderr } = await runToEnd(launchCommand(launcher, plan), TUNABLES.startMs);
    if (!ok) return stderr.trim().split("\n").at(-1)?.slice(0, 200) ?? "it failed without a word";
    const seen = ProbeAnswer.parse(JSON.parse(stdout));
    const report = inWords(launcher, asRoot, seen, groups);
    return openDoor(seen) ?? { report, keeperRuns: seen.separation !== null };
  } finally {
    await removeGroups(groups);
    await rm(directory, { recursive: true, force: true });
  }
}

/** Root of a user namespace has no more user ids than were mapped into it. */
function canGive(uid: number, directories: string[]): Promise<boolean> {
  return giveTo(uid, directories).then(
    () => true,
    () => false,
  );
}

/** The same in words for the operator and the workspace page. Pure. */
export function inWords(
  launcher: LauncherName,
  asRoot: boolean,
  seen: ProbeAnswer,
  groups: Groups,
): HostReport {
  const enforced = [
    "own file system: only /workspace, /tmp and /run are writable",
    "own processes, network, hostname and shared memory; no network at all",
    asRoot
      ? "a user id of its own for each workspace"
      : "runs as the user who started Carrel, seen inside as carrel",
    "all capabilities dropped, no new privileges",
    "open files and size of a file, per process",
  ];
  const notEnforced: string[] = [];
  const told = (holds: boolean, yes: string, no: string) =>
    holds ? enforced.push(yes) : notEnforced.push(no);
  told(
    groups.memory !== undefined,
    "memory of the whole workspace",
    "memory of the whole workspace: no control group may be made here, each process is limited by itself",
  );
  told(
    groups.pids !== undefined,
    "number of processes",
    "number of processes: no control group may be made here, limited by the user's own count",
  );
  told(
    groups.cpu !== undefined,
    "share of the processors",
    "share of the processors: no control group may be made here",
  );
  notEnforced.push("size of the disk (measured and shown; held only for a single file)");
  tellSeparation(seen.separation, "a C compiler (cc) is needed, which makes its helper at the first start", {
    enforced,
    notEnforced,
  });
  told(
    seen.separation?.filter ?? seen.seccomp !== "0",
    "filter of system calls, for what agents start",
    "filter of system calls (seccomp)",
  );
  if (!seen.loopback) notEnforced.push("the workspace's own loopback is down: install iproute2");
  return { driver: "local", sandbox: launcher, enforced, notEnforced };
}
