import type Anthropic from "@anthropic-ai/sdk";
import type { BudgetFigures, EventBody, Quote, ReviewKind } from "#events/vocabulary.ts";
import type { Price } from "#ledger/prices.ts";
import type { RunRoom } from "#ledger/read-room.ts";
import type { AgentDirectory } from "#workspaces/workspace.ts";

/** Says an event of the run. Resolves when it may go on (back-pressure), not when it is stored. */
export type Say = (event: EventBody) => Promise<void>;

export interface StepContext {
  /** the step's stable key, e.g. "r1/write:src/app.py" */
  key: string;
  attempt: number;
  say: Say;
  signal: AbortSignal;
  /**
   * The client for model calls, through the gateway with this run's token. Each call carries
   * `idempotency-key: <run>/<step>/<attempt>/<n>`, so that a repeated step gets the recorded answer, paid once.
   */
  models: Anthropic;
  /** Headers for the next model call of this step. */
  callHeaders(): Record<string, string>;
  /** What the last call of this step was charged, micro-dollars; known once its answer has ended. */
  lastCallCost(): Promise<number>;
  /** Where journalled processes of this step get their ids: the same in a repeat of the step. */
  processId(name: string): string;
}

export interface RunContext {
  runId: string;
  agentId: string;
  round: number;
  model: string;
  /** the user's messages of this run, oldest first; the last one asks for changes when round > 1 */
  requests: string[];
  instructions: string | null;
  locale: string | null;
  policy: { approvePlan: boolean; publish: "ask" | "auto" };
  /** reviews answered so far in this round, e.g. an approved plan */
  decisions: Partial<Record<ReviewKind, Decision>>;
  money: RunMoney;
  directory: AgentDirectory;
  /** Keeps the directory's present files, content-addressed, and gives the tree's name. Safe to repeat. */
  capture(): Promise<string>;
  /** A tree that was kept before: this run's, or another of the same user. */
  openTree(treeHash: string): Promise<KeptTree>;
  /** The result of the step `key` in an earlier round of this run, or in the agent's last run that had it. */
  earlier<T>(key: string): Promise<T | null>;
  /** languages the workspace really has, with versions */
  languages: Record<string, string>;
  /** whether what the workspace asks of the world outside may pass, packages to install among it */
  network: boolean;
  signal: AbortSignal;
  say: Say;
  /** Whether an earlier execution has carried out the step of this round. */
  finished(key: string): boolean;
  /** Whether an earlier execution has begun it, finished or not. */
  begun(key: string): boolean;
  /**
   * Runs `work` once and keeps its result before going on. After a crash a finished step answers from its
   * checkpoint; an unfinished one runs again, and what it said before is not said twice.
   */
  step<T>(key: string, title: string, work: (context: StepContext) => Promise<T>): Promise<T>;
}

export interface Decision {
  decision: string;
  comment: string | null;
  /** of a budget: what was told to who decided */
  budget: BudgetFigures | null;
}

/** What an engine may know of the run's money. It is spent, and kept within its caps, by the gateway alone. */
export interface RunMoney {
  /** of the run's model, then of those that answer where it cannot; empty: unknown. @throws AppError unavailable */
  prices(): Promise<Price[]>;
  room(): Promise<RunRoom>;
  /** Keeps the quote with the run, for whoever reads it. */
  quote(quote: Quote): Promise<void>;
}

export interface KeptTree {
  /** sorted */
  paths: string[];
  /** size in bytes, mode as POSIX has it, SHA-256 of its content; null: there is no such file */
  look(path: string): { size: number; mode: number; hash: string } | null;
  /** null: there is no such file */
  read(path: string): Promise<Buffer | null>;
}

/** How an execution of an engine ends: with a question to a person, or with nothing more to do. */
export type EngineOutcome =
  | {
      kind: "review";
      review: ReviewKind;
      summary: string;
      figures?: ReviewFigures;
      /** of a plan: the plan itself, to be edited */
      plan?: unknown;
      /** of a budget */
      budget?: BudgetFigures;
    }
  | { kind: "done"; message: string }
  | { kind: "failed"; code: string; detail: string };

export interface ReviewFigures {
  files: number;
  testsPassed: number;
  testsFailed: number;
  findings: number;
}

/** Turns requests into work. Knows nothing of leases, rows or sockets; all it does goes through its context. */
export interface Engine {
  readonly name: string;
  execute(context: RunContext): Promise<EngineOutcome>;
}
