import { compactRequests } from "#engines/builder/compact-requests.ts";
import { type Arrangement, arrangementOf, pathsAfter } from "#engines/builder/existing/arrangement.ts";
import type { Background } from "#engines/builder/existing/background.ts";
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
 * The project as this round knows it: what was there, where the plan's moves and deletions put it, and what its steps
 * have written since. It is read from checkpoints and not from the living directory, so that a repeated step asks the
 * same question.
 */
export class Project {
  readonly context: RunContext;
  readonly plan: Plan;
  readonly background: Background;
  readonly arrangement: Arrangement;
  readonly #kept: KeptTree;
  readonly #written = new Map<string, string>();

  constructor(context: RunContext, plan: Plan, kept: KeptTree, background: Background) {
    this.context = context;
    this.plan = plan;
    this.background = background;
    this.arrangement = arrangementOf(plan);
    this.#kept = kept;
  }

  get words() {
    return wordsIn(this.plan.language satisfies Human);
  }

  /** The user's messages, compacted. */
  get requests(): string[] {
    return compactRequests(this.context.requests);
  }

  setWritten(path: string, content: string): void {
    this.#written.set(path, content);
  }

  get writtenPaths(): string[] {
    return [...this.#written.keys()];
  }

  /** Every file that is there after the plan's moves and deletions, or is to be. */
  get paths(): string[] {
    const planned = this.plan.files.map(({ path }) => path);
    return [
      ...new Set([...planned, ...this.writtenPaths, ...pathsAfter(this.arrangement, this.#kept.paths)]),
    ];
  }

  /** Of everything planned or written, as it is now, in bytes. */
  async sizes(): Promise<number[]> {
    const paths = new Set([...this.plan.files.map(({ path }) => path), ...this.#written.keys()]);
    const texts = await Promise.all([...paths].map((path) => this.read(path)));
    return texts.map((text) => Buffer.byteLength(text ?? ""));
  }

  /** What stood at the path when the round began, before anything was moved; null: nothing. */
  original(path: string): Promise<Buffer | null> {
    return this.#kept.read(path);
  }

  /** What the file is after the plan's moves and deletions, before anything is written; null: not there. */
  async before(path: string): Promise<Buffer | null> {
    const origin = this.#origin(path);
    return origin === null ? null : this.#kept.read(origin);
  }

  /** What the file is now; null: not there. */
  async read(path: string): Promise<string | null> {
    return this.#written.get(path) ?? (await this.before(path))?.toString("utf8") ?? null;
  }

  /** Whether this round has written or moved it: then it knows the whole of it. */
  isOwn(path: string): boolean {
    return this.#written.has(path) || this.arrangement.moved.has(path);
  }

  /** What the file is now, as it is written; null: not there. */
  async bytes(path: string): Promise<Buffer | null> {
    const written = this.#written.get(path);
    return written === undefined ? this.before(path) : Buffer.from(written.toWellFormed());
  }

  /** SHA-256 of what it is before anything is written; null: not there. */
  hashBefore(path: string): string | null {
    return this.#kept.look(this.#origin(path) ?? "")?.hash ?? null;
  }

  /** One that could be started before still can, and so can one that names its interpreter. */
  modeOf(path: string, content = ""): number {
    const kept = this.#kept.look(this.#origin(path) ?? "")?.mode ?? 0;
    return content.startsWith("#!") || (kept & 0o111) !== 0 ? 0o755 : 0o644;
  }

  #origin(path: string): string | null {
    const { moved, gone } = this.arrangement;
    return moved.get(path) ?? (gone.has(path) ? null : path);
  }
}
