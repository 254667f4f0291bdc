import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

interface Entry {
  pid: number;
  parent: number;
  session: number;
  /** clock ticks since boot */
  started: number;
}

/** One line of /proc/<pid>/stat; null for a zombie. The name in brackets may hold anything, brackets too. */
export function parseStat(text: string): Entry | null {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return null;
  return {
    pid: Number.parseInt(text, 10),
    parent: Number(fields[1]),
    session: Number(fields[3]),
    started: Number(fields[19]),
  };
}

function readProc(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, "latin1");
  } catch {
    // It ended between the listing and the look.
    return "";
  }
}

function listProcesses(): Entry[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name) && Number(name) !== process.pid && name !== "1")
    .map((name) => readProc(`${name}/stat`))
    .map((text) => (text === "" ? null : parseStat(text)))
    .filter((entry) => entry !== null);
}

export function startTicks(pid: number): number {
  const text = readProc(`${pid}/stat`);
  return text === "" ? Number.MAX_SAFE_INTEGER : (parseStat(text)?.started ?? Number.MAX_SAFE_INTEGER);
}

/**
 * Everything that came from the process `root`: its children's children, its session, what carries its marker in the
 * environment, and orphans that wiped every marker and were born after it (nobody else can claim those).
 */
export function findDescendants(root: number, marker: string, bornAfter: number): number[] {
  const all = listProcesses();
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
    else if (!marked && entry.parent === 1 && entry.started >= bornAfter) join(entry);
  }
  for (let grown = true; grown; ) {
    const before = members.size;
    for (const entry of all) {
      if (!members.has(entry.pid) && (members.has(entry.parent) || sessions.has(entry.session))) join(entry);
    }
    grown = members.size > before;
  }
  return [...members];
}

/** Kills until nothing is left; what forks faster than it is killed is met again in the next round. */
export async function killDescendants(root: number, marker: string, bornAfter: number): Promise<void> {
  for (let round = 0; round < 200; round++) {
    const members = findDescendants(root, marker, bornAfter);
    if (members.length === 0) return;
    for (const pid of members) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
    await sleep(round < 5 ? 1 : 10);
  }
}
