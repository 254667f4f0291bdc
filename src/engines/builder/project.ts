import type { Plan } from "#engines/builder/plan.ts";
import { type Human, wordsIn } from "#engines/builder/wording.ts";
import type { KeptTree, RunContext } from "#engines/engine.ts";

/** What the plan step leaves behind: the plan, and the tree of what was there before it. */
export interface Planned {
  plan: Plan;
  treeHash: string;
}

/**
 * The project as this round knows it: what was there, and what its steps have written since. It is read from
 * checkpoints and not from the living directory, so that a repeated step asks the same question.
 */
export class Project {
  readonly context: RunContext;
  readonly plan: Plan;
  readonly #before: KeptTree;
  readonly #written = new Map<string, string>();

  constructor(context: RunContext, plan: Plan, before: KeptTree) {
    this.context = context;
    this.plan = plan;
    this.#before = before;
  }

  get words() {
    return wordsIn(this.plan.language satisfies Human);
  }

  /** The user's messages; of a later round without the last, which the plan has taken up. */
  get requests(): string[] {
    return this.context.requests;
  }

  setWritten(path: string, content: string): void {
    this.#written.set(path, content);
  }

  get writtenPaths(): string[] {
    return [...this.#written.keys()];
  }

  /** Every file that is there, or is to be. */
  get paths(): string[] {
    const planned = this.plan.files.map(({ path }) => path);
    return [...new Set([...planned, ...this.writtenPaths, ...this.#before.paths])];
  }

  /** What the file was when the round began; null: not there. */
  before(path: string): Promise<Buffer | null> {
    return this.#before.read(path);
  }

  /** What the file is now; null: not there. */
  async read(path: string): Promise<string | null> {
    return this.#written.get(path) ?? (await this.#before.read(path))?.toString("utf8") ?? null;
  }
}
