// What a host says of its limits is one English sentence each, for the operator's log as well (workspaces/drivers).
// Here each is known by its sentence, so that people read it in their language.
const WORDS = new Map([
  ["own file system, read-only but for /workspace, /tmp and /run", "ownFilesImage"],
  ["own file system: only /workspace, /tmp and /run are writable", "ownFiles"],
  ["own processes, network, hostname and shared memory; no network at all", "ownProcesses"],
  ["runs as an ordinary user of its own, all capabilities dropped, no new privileges", "ordinaryUser"],
  ["a user id of its own for each workspace", "ownUserId"],
  ["runs as the user who started Carrel, seen inside as carrel", "startingUser"],
  ["all capabilities dropped, no new privileges", "noCapabilities"],
  ["open files and size of a file, per process", "perProcess"],
  ["memory of the whole workspace", "memory"],
  ["number of processes", "processes"],
  ["share of the processors", "cpu"],
  ["size of the disk", "disk"],
  ["share of each agent in memory and processes", "shares"],
  ["separation of agents: files, journals, environments and memory of each other's processes", "separation"],
  ["signals between agents: refused", "signals"],
  ["filter of system calls", "systemCalls"],
  ["filter of system calls, for what agents start", "systemCallsOfAgents"],
  ["memory: the engine cannot limit it", "noMemoryEngine"],
  ["swap: the engine cannot limit it", "noSwap"],
  ["number of processes: the engine cannot limit it", "noProcessesEngine"],
  ["share of the processors: the engine cannot limit it", "noCpuEngine"],
  [
    "size of the disk: measured and shown, held only for a single file (the runner is not root on the engine's host)",
    "noDiskEngine",
  ],
  ["filter of system calls (seccomp): the engine sets none", "noSystemCallsEngine"],
  [
    "memory of the whole workspace: no control group may be made here, each process is limited by itself",
    "noMemoryGroup",
  ],
  [
    "number of processes: no control group may be made here, limited by the user's own count",
    "noProcessesGroup",
  ],
  ["share of the processors: no control group may be made here", "noCpuGroup"],
  ["size of the disk (measured and shown; held only for a single file)", "noDisk"],
  ["separation of agents: the image has no helper for it", "noHelperImage"],
  [
    "separation of agents: a C compiler (cc) is needed, which makes its helper at the first start",
    "noHelper",
  ],
  ["share of each agent in memory and processes: the same", "noShares"],
  ["signals between agents: Linux 6.12 is needed to refuse them", "noSignals"],
  ["filter of system calls (seccomp)", "noSystemCalls"],
  ["the workspace's own loopback is down: install iproute2", "noLoopback"],
] as const);

type Known = typeof WORDS extends Map<infer _, infer Name> ? Name : never;

export type Limit =
  | { name: Known }
  | { name: "runtime"; values: { name: string } }
  | { name: "noLandlock"; values: { version: string } };

/** null: a host of another release says it, and only its own words are there */
export function readLimit(sentence: string): Limit | null {
  const name = (WORDS as ReadonlyMap<string, Known>).get(sentence);
  if (name !== undefined) return { name };
  const runtime = /^the runtime (.+)$/.exec(sentence)?.[1];
  if (runtime !== undefined) return { name: "runtime", values: { name: runtime } };
  const version = /^separation of agents: Landlock .* \(found: version (-?\d+)\)$/.exec(sentence)?.[1];
  return version === undefined ? null : { name: "noLandlock", values: { version } };
}
