import type { WorkspaceSpec } from "#workspaces/driver.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** One step of building the sandbox's file system, in order, on an empty root. */
export type Mount =
  | { kind: "tmpfs"; at: string; bytes: number; mode: string }
  | { kind: "bind"; from: string; at: string; writable: boolean; directory: boolean }
  | { kind: "device"; at: string }
  | { kind: "link"; at: string; to: string }
  | { kind: "proc"; at: string };

/** What the host offers and where; gathered by looking, so that the plan itself looks at nothing. */
export interface HostLayout {
  /** /bin, /lib …: a link into /usr on merged systems, a directory on others */
  system: { at: string; link: string | null }[];
  /** what programs need of /etc, as it is here */
  etc: { at: string; directory: boolean }[];
}

export interface SandboxPlan {
  asRoot: boolean;
  /** who the processes are: on the host when the runner is root, only inside otherwise */
  uid: number;
  mounts: Mount[];
  /** prlimit(1) names and values */
  limits: Record<string, number>;
  /** files that take the pid of what enters a control group */
  cgroupFiles: string[];
  /** an empty directory of the host on which a new root can be mounted */
  mountPoint: string;
  command: string[];
}

export interface SandboxPlaces {
  data: string;
  run: string;
  /** holds the passwd, group, hosts and nsswitch.conf made for it */
  etc: string;
  mountPoint: string;
  node: string;
  supervisor: string;
  keeper: string | null;
}

export interface PlanInput {
  asRoot: boolean;
  host: HostLayout;
  places: SandboxPlaces;
  spec: WorkspaceSpec;
  cgroupFiles: string[];
  /** whether a control group counts memory; else every process gets the limit by itself */
  memoryByCgroup: boolean;
  /** the runner's own hard limits, which nobody below it can raise */
  hardLimits: { openFiles: number; processes: number };
  command?: string[];
}

const DEVICES = ["null", "zero", "full", "random", "urandom"];
export const OWN_ETC_FILES = ["passwd", "group", "hosts", "nsswitch.conf"];
export const SUPERVISOR_COMMAND = [
  "/opt/carrel/bin/node",
  "--max-old-space-size=192",
  "--max-semi-space-size=2",
  "/opt/carrel/supervisor/main.js",
];

/** The uid in there: one of its own on the host for each workspace when the runner is root. */
export function sandboxUid(asRoot: boolean, slot: number): number {
  return asRoot ? TUNABLES.firstUid + slot : 1000;
}

/** The whole sandbox as data: what is mounted, who runs, under which limits. Pure. */
export function planSandbox(input: PlanInput): SandboxPlan {
  const { spec, hardLimits } = input;
  const limits: Record<string, number> = {
    nofile: Math.min(spec.openFiles, hardLimits.openFiles),
    nproc: Math.min(spec.processes, hardLimits.processes),
    core: 0,
    fsize: spec.diskBytes,
  };
  if (!input.memoryByCgroup) limits.data = spec.memoryBytes;
  return {
    asRoot: input.asRoot,
    uid: sandboxUid(input.asRoot, spec.slot),
    mounts: planMounts(input),
    limits,
    cgroupFiles: input.cgroupFiles,
    mountPoint: input.places.mountPoint,
    command: input.command ?? SUPERVISOR_COMMAND,
  };
}

function planMounts({ host, places, spec }: PlanInput): Mount[] {
  const shared = (from: string, at = from, directory = true): Mount => ({
    kind: "bind",
    from,
    at,
    writable: false,
    directory,
  });
  const own = (from: string, at: string): Mount => ({
    kind: "bind",
    from,
    at,
    writable: true,
    directory: true,
  });
  return [
    shared("/usr"),
    ...host.system.map(
      ({ at, link }): Mount => (link === null ? shared(at) : { kind: "link", at, to: link }),
    ),
    ...host.etc.map(({ at, directory }) => shared(at, at, directory)),
    ...OWN_ETC_FILES.map((name) => shared(`${places.etc}/${name}`, `/etc/${name}`, false)),
    { kind: "proc", at: "/proc" },
    ...DEVICES.map((name): Mount => ({ kind: "device", at: `/dev/${name}` })),
    { kind: "link", at: "/dev/fd", to: "/proc/self/fd" },
    { kind: "link", at: "/dev/stdin", to: "/proc/self/fd/0" },
    { kind: "link", at: "/dev/stdout", to: "/proc/self/fd/1" },
    { kind: "link", at: "/dev/stderr", to: "/proc/self/fd/2" },
    // Shared memory of programs lives in /tmp, the one tmpfs that is theirs.
    { kind: "link", at: "/dev/shm", to: "/tmp" },
    {
      kind: "tmpfs",
      at: "/tmp",
      bytes: Math.min(TUNABLES.tmpBytes, Math.floor(spec.memoryBytes / 2)),
      mode: "1777",
    },
    { kind: "tmpfs", at: "/run", bytes: TUNABLES.runBytes, mode: "1777" },
    own(places.run, "/run/carrel"),
    own(places.data, "/workspace"),
    shared(places.node, "/opt/carrel/bin/node", false),
    shared(places.supervisor, "/opt/carrel/supervisor"),
    ...(places.keeper === null ? [] : [shared(places.keeper, "/opt/carrel/keeper", false)]),
  ];
}
