import type { BudgetFigures, Obstacle, PlanEntry, Quote, ReviewKind, RunStatus } from "#events/vocabulary.ts";

/** What a screen shows of a run, folded from its events alone: the same in every window, live or replayed. */
export interface RunView {
  /** seq of the last event folded in; 0 before the first */
  lastSeq: number;
  status: RunStatus | null;
  /** why, in words, where the status has a reason */
  statusDetail: string | null;
  /** when the status was reached, ISO 8601 */
  statusAt: string | null;
  steps: StepView[];
  /** what the agent said to its person since it was last answered */
  words: string;
  plan: PlanEntry[];
  /** what the run is expected to cost in all, once it is known */
  quote: Quote | null;
  files: FileView[];
  findings: FindingView[];
  notices: NoticeView[];
  costMicroUsd: number;
  models: string[];
  review: ReviewView | null;
  version: { number: number; treeHash: string; state: string } | null;
}

export interface StepView {
  key: string;
  title: string;
  /** stopped: under way when its run ended */
  status: "running" | "done" | "failed" | "stopped";
  attempt: number;
  startedAt: string;
  endedAt: string | null;
  durationMs: number | null;
  costMicroUsd: number;
  detail: string | null;
  entries: StepEntry[];
}

export type StepEntry =
  | { kind: "output"; seq: number; stream: "stdout" | "stderr"; text: string }
  | { kind: "words"; seq: number; text: string }
  | { kind: "thought"; seq: number; text: string }
  | ({ kind: "file"; seq: number } & FileView)
  | ({ kind: "finding"; seq: number } & FindingView)
  | ({ kind: "notice"; seq: number } & NoticeView)
  | { kind: "tool"; seq: number; id: string; title: string; status: ToolStatus; text: string };

export type ToolStatus = "pending" | "in_progress" | "completed" | "failed";

export interface FileView {
  path: string;
  change: "created" | "modified" | "deleted";
  size: number;
  additions: number;
  deletions: number;
}

export interface FindingView {
  tool: string;
  severity: "info" | "warning" | "error";
  message: string;
  path: string | null;
  line: number | null;
}

export interface NoticeView {
  level: "info" | "warning" | "error";
  text: string;
}

export interface ReviewView {
  kind: ReviewKind;
  treeHash: string | null;
  summary: string;
  figures: {
    files: number;
    testsPassed: number;
    testsFailed: number;
    findings: number;
    costMicroUsd: number;
  } | null;
  obstacles: Obstacle[];
  budget: BudgetFigures | null;
}

export const EMPTY_RUN: RunView = {
  lastSeq: 0,
  status: null,
  statusDetail: null,
  statusAt: null,
  steps: [],
  words: "",
  plan: [],
  quote: null,
  files: [],
  findings: [],
  notices: [],
  costMicroUsd: 0,
  models: [],
  review: null,
  version: null,
};

/** How a step went: one that was carried out may have found that something fails, as a test run is meant to. */
export type StepOutcome = StepView["status"] | "found";

export function outcomeOf(step: StepView): StepOutcome {
  const found = step.entries.some((entry) => entry.kind === "tool" && entry.status === "failed");
  return step.status === "done" && found ? "found" : step.status;
}
