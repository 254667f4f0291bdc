import { setTimeout as sleep } from "node:timers/promises";
import { type Child, type Command, StartError } from "./child.ts";
import { Keeper } from "./keeper.ts";
import { killOrphans } from "./process-tree.ts";
import { removeTree } from "./remove-tree.ts";
import { agentDirectory, type Places, SETTINGS, temporaryDirectory } from "./settings.ts";
import { spawnDirectly } from "./spawn-directly.ts";

/**
 * One keeper for each agent that has something to do. Where this workspace has no keeper program (a host without a C
 * compiler) processes are started without one: they are not kept apart, and the host's report says so.
 */
export class Keepers {
  readonly #places: Places;
  readonly #keepers = new Map<string, Keeper>();
  readonly #idle = new Map<string, NodeJS.Timeout>();

  constructor(places: Places) {
    this.#places = places;
  }

  /** @throws StartError */
  async start(command: Command): Promise<Child> {
    const program = this.#places.keeper;
    if (program === null) return spawnDirectly(command);
    for (let attempt = 1; ; attempt += 1) {
      const keeper = this.#of(command.agent, program);
      try {
        const child = await keeper.start(command);
        void child.ended.then(() => this.#rest(command.agent));
        return child;
      } catch (error) {
        this.#rest(command.agent);
        // Its own processes may have killed the keeper; others may have taken every process there was.
        const passing = error instanceof StartError && ["ESRCH", "EAGAIN"].includes(error.errno);
        if (!passing || attempt === SETTINGS.startAttempts) throw error;
        await sleep(SETTINGS.startAgainMs);
      }
    }
  }

  /** Ends whatever runs of an agent, also where its keeper does not answer. */
  async end(agent: string): Promise<void> {
    const keeper = this.#keepers.get(agent);
    keeper?.kill();
    await keeper?.gone;
  }

  /** The same for good. */
  async forget(agent: string): Promise<void> {
    await this.end(agent);
    await removeTree(temporaryDirectory(this.#places, agent));
  }

  /** agent -> pid of its keeper */
  pids(): Map<string, number> {
    return new Map([...this.#keepers].map(([agent, { pid }]) => [agent, pid]));
  }

  #of(agent: string, program: string): Keeper {
    clearTimeout(this.#idle.get(agent));
    const present = this.#keepers.get(agent);
    if (present) return present;
    const places = this.#places;
    const keeper = new Keeper(program, agentDirectory(places, agent), temporaryDirectory(places, agent));
    this.#keepers.set(agent, keeper);
    void keeper.gone.then(() => {
      if (this.#keepers.get(agent) === keeper) this.#keepers.delete(agent);
      return killOrphans();
    });
    return keeper;
  }

  /** A keeper that has had nothing to do for a while goes; the next one makes a domain like it. */
  #rest(agent: string): void {
    const keeper = this.#keepers.get(agent);
    clearTimeout(this.#idle.get(agent));
    if (!keeper || keeper.busy) return;
    const go = () => {
      if (!keeper.busy) keeper.dismiss();
    };
    this.#idle.set(agent, setTimeout(go, SETTINGS.keeperIdleMs).unref());
  }
}
