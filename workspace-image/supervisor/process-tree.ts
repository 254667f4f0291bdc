import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Starter } from "./child.ts";

export interface Entry {
  pid: number;
  name: string;
  parent: number;
  group: number;
  session: number;
  threads: number;
  /** clock ticks since boot */
  started: number;
}

/** One line of /proc/<pid>/stat; null for a zombie. The name in brackets may hold anything, brackets too. */
export function parseStat(text: string): Entry | null {
  if (text === "") return null;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return null;
  return {
    pid: Number.parseInt(text, 10),
    name: text.slice(text.indexOf("(") + 1, text.lastIndexOf(")")),
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    threads: Number(fields[17]),
    started: Number(fields[19]),
  };
}

export function readProc(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, "latin1");
  } catch {
    // It ended between the listing and the look.
    return "";
  }
}

/** All that can be seen in here, the first one and the supervisor with them. */
export function listProcesses(): Entry[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map((name) => readProc(`${name}/stat`))
    .map(parseStat)
    .filter((entry) => entry !== null);
}

export function startTicks(pid: number): number {
  return parseStat(readProc(`${pid}/stat`))?.started ?? Number.MAX_SAFE_INTEGER;
}

/**
 * What `keeper` started: children, their children, and orphans, which come back to it. Without keepers (1) it is the
 * supervisor that starts processes and the first one that gets orphans: all but those two.
 */
export function belowKeeper(all: Entry[], keeper: number): Entry[] {
  if (keeper === 1) return all.filter(({ pid }) => pid !== 1 && pid !== process.pid);
  const children = new Map<number, Entry[]>();
  for (const entry of all) children.set(entry.parent, [...(children.get(entry.parent) ?? []), entry]);
  const found = [...(children.get(keeper) ?? [])];
  for (const entry of found) found.push(...(children.get(entry.pid) ?? []));
  return found;
}

export interface Origin {
  starter: Starter;
  root: number;
  /** in the environment of the process */
  marker: string;
  /** when the process began (clock ticks) */
  bornAfter: number;
}

/**
 * Everything that came from the process `root`: its children's children, its session, what carries its marker in the
 * environment, and orphans that wiped every marker and were born after it (nobody else can claim those). Only what its
 * keeper has is looked at, whatever others may claim.
 */
export function findDescendants({ starter, root, marker, bornAfter }: Origin, listed: Entry[]): Entry[] {
  const { pid: keeper } = starter;
  const all = belowKeeper(listed, keeper);
  const started = starter.started();
  const members = new Set<number>();
  const sessions = new Set([root]);
  const join = (entry: Entry) => {
    members.add(entry.pid);
    if (entry.session === entry.pid) sessions.add(entry.session);
  };
  for (const entry of all) {
    if (entry.pid === root || entry.session === root) {
      join(entry);
      continue;
    }
    const environment = readProc(`${entry.pid}/environ`);
    const marked = environment.includes("CARREL_PROCESS=");
    if (environment.includes(`CARREL_PROCESS=${marker}\0`)) join(entry);
    else if (!marked && entry.parent === keeper && !started.has(entry.pid) && entry.started >= bornAfter)
      join(entry);
  }
  for (let grown = true; grown; ) {
    const before = members.size;
    for (const entry of all) {
      if (!members.has(entry.pid) && (members.has(entry.parent) || sessions.has(entry.session))) join(entry);
    }
    grown = members.size > before;
  }
  return all.filter(({ pid }) => members.has(pid));
}

/**
 * Kills until nothing is left. Whole groups at one stroke, in which no member can fork; what left its group, and forks
 * faster than it is killed, is met again in the next round.
 */
async function killAll(find: () => Entry[] | Promise<Entry[]>): Promise<void> {
  for (let round = 0; round < 200; round++) {
    const members = await find();
    if (members.length === 0) return;
    // Never our own, nor one whose leader is not in here (0).
    const own = parseStat(readProc("self/stat"))?.group;
    const groups = new Set(members.map(({ group }) => group).filter((group) => group > 1 && group !== own));
    for (const pid of [...[...groups].map((group) => -group), ...members.map((member) => member.pid)]) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
    await sleep(round < 5 ? 1 : 10);
  }
}

export function killDescendants(origin: Origin): Promise<void> {
  return killAll(async () => {
    const listed = listProcesses();
    // Until it has become another program, what is being started for others looks like an orphan without a marker.
    await origin.starter.settled();
    return findDescendants(origin, listed);
  });
}

/** What lost its keeper came to the first process of the workspace. */
export function killOrphans(): Promise<void> {
  return killAll(() => listProcesses().filter(({ pid, parent }) => parent === 1 && pid !== process.pid));
}

/** To a process and its session, while it is still its keeper's child. */
export function signalSession({ starter, root }: Origin, name: NodeJS.Signals): void {
  const found = parseStat(readProc(`${root}/stat`));
  if (found?.parent !== starter.pid && starter.pid !== 1) return;
  try {
    process.kill(-root, name);
  } catch {
    // It ended by itself.
  }
}
