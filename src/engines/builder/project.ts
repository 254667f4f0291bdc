import type { Plan } from "#engines/builder/plan.ts";
import { type Human, wordsIn } from "#engines/builder/wording.ts";
import type { KeptTree, RunContext } from "#engines/engine.ts";
import type { Price } from "#ledger/prices.ts";

/** What the plan step leaves behind: the plan, the tree of what was there before it, and what a quote is made of. */
export interface Planned {
  plan: Plan;
  treeHash: string;
  /** of the workspace, when it was planned */
  languages?: Record<string, string>;
  prices?: Price[];
  /** by the run, when its plan was there */
  spentMicroUsd?: number;
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

  /** Of everything planned or written, as it is now, in bytes. */
  async sizes(): Promise<number[]> {
    const paths = new Set([...this.plan.files.map(({ path }) => path), ...this.#written.keys()]);
    const texts = await Promise.all([...paths].map((path) => this.read(path)));
    return texts.map((text) => Buffer.byteLength(text ?? ""));
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
