import { belowKeeper, type Entry, listProcesses, readProc } from "./process-tree.ts";
import { SETTINGS } from "./settings.ts";

/** Of the whole workspace; null: nobody said. */
export interface Limits {
  memoryBytes: number | null;
  processes: number | null;
}

/** A command of an agent, as far as its share is concerned. */
export interface Sharer {
  readonly agent: string;
  readonly ended: Promise<unknown>;
  kill(): void;
  members(): number[];
  note(words: string, outOfMemory: boolean): void;
}

const PAGE = 4096;
const inMB = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/**
 * No agent takes so much that its siblings have nothing: whose processes hold more than an agent's share of the memory
 * loses the largest of them, and when the workspace's processes run out, who has more than a share of them loses the
 * command that has most. While nothing runs nothing is looked at.
 */
export class Shares {
  readonly #limits: Limits;
  readonly #keepers: () => Map<string, number>;
  readonly #running = new Set<Sharer>();
  #timer: NodeJS.Timeout | null = null;
  #ending: number[] = [];
  #crowder: string | null = null;

  constructor(limits: Limits, keepers: () => Map<string, number>) {
    this.#limits = limits;
    this.#keepers = keepers;
  }

  watch(group: Sharer): void {
    this.#running.add(group);
    this.#timer ??= setTimeout(() => this.#look(), SETTINGS.lookMs).unref();
    void group.ended.finally(() => this.#running.delete(group));
  }

  #look(): void {
    this.#timer = null;
    if (this.#running.size === 0) return;
    const all = listProcesses();
    // What was ended a moment ago may still hold what it had.
    this.#ending = this.#ending.filter((pid) => all.some((entry) => entry.pid === pid));
    let closely = this.#ending.length > 0;
    const agents = [...this.#keepers()].map(([agent, pid]) => ({ agent, tree: belowKeeper(all, pid) }));
    for (const { agent, tree } of agents) if (this.#lookAtMemory(agent, tree)) closely = true;
    if (this.#lookAtProcesses(all, agents)) closely = true;
    this.#timer = setTimeout(() => this.#look(), closely ? SETTINGS.lookCloselyMs : SETTINGS.lookMs).unref();
  }

  /** Whether this agent is to be looked at again soon. */
  #lookAtMemory(agent: string, tree: Entry[]): boolean {
    if (this.#limits.memoryBytes === null || this.#ending.length > 0) return false;
    const share = this.#limits.memoryBytes * SETTINGS.agentShare;
    if (sum(tree.map(({ pid }) => quickBytes(pid))) < share / 2) return false;
    const exact = tree.map((entry) => ({ entry, bytes: exactBytes(entry.pid) }));
    const taken = sum(exact.map(({ bytes }) => bytes));
    if (taken <= share) return true;
    const { entry } = exact.reduce((most, each) => (each.bytes > most.bytes ? each : most));
    const owner = this.#of(agent).find((group) => group.members().includes(entry.pid));
    owner?.note(
      `carrel: ended ${entry.name} (${entry.pid}): this agent's processes had taken ${inMB(taken)} of the memory, one agent may have ${inMB(share)}`,
      true,
    );
    this.#ending.push(entry.pid);
    kill(entry.pid);
    return true;
  }

  #lookAtProcesses(all: Entry[], agents: { agent: string; tree: Entry[] }[]): boolean {
    const limit = this.#limits.processes;
    // The kernel counts threads.
    const count = (entries: Entry[]) => sum(entries.map(({ threads }) => threads));
    if (limit === null || count(all) < limit * 0.9) {
      this.#crowder = null;
      return false;
    }
    const crowder = agents.find(({ tree }) => count(tree) > limit * SETTINGS.agentShare)?.agent ?? null;
    const again = crowder !== null && crowder === this.#crowder;
    this.#crowder = crowder;
    if (!again) return true;
    const [largest] = this.#of(crowder)
      .map((group) => ({ group, size: group.members().length }))
      .sort((a, b) => b.size - a.size);
    largest?.group.note(
      `carrel: ended this command: the workspace had no process left for others, and ${largest.size} were its own`,
      false,
    );
    largest?.group.kill();
    return true;
  }

  #of(agent: string): Sharer[] {
    return [...this.#running].filter((group) => group.agent === agent);
  }
}

function sum(figures: number[]): number {
  return figures.reduce((total, each) => total + each, 0);
}

/** Private and anonymous memory, too much where processes share what they inherited. */
function quickBytes(pid: number): number {
  const [, resident = 0, shared = 0] = readProc(`${pid}/statm`).split(" ").map(Number);
  return (resident - shared) * PAGE;
}

/** The same with what is shared divided among those that share it. Takes the kernel longer to count. */
function exactBytes(pid: number): number {
  const text = readProc(`${pid}/smaps_rollup`);
  const figure = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  return (figure("Pss_Anon") + figure("Pss_Shmem")) * 1024;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
