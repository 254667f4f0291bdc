import type { WaitsFor } from "#agents/run-queue.ts";

/** An agent as its owner sees it. Times ISO 8601 UTC, money in micro-dollars. */
export interface AgentView {
  id: string;
  name: string;
  engine: string;
  /** null: the engine's default */
  model: string | null;
  instructions: string | null;
  persona: AgentPersona | null;
  policy: AgentPolicy;
  ceilingMicroUsd: number | null;
  createdAt: string;
  updatedAt: string;
  costMicroUsd: number;
  latestRun: LatestRunView | null;
}

export interface AgentPolicy {
  approvePlan: boolean;
  publish: "ask" | "auto";
}

export interface AgentPersona {
  name?: string;
  language?: "en" | "ko" | "ja";
  tone?: string;
  length?: "short" | "medium" | "long";
}

export interface LatestRunView {
  id: string;
  status: "queued" | "running" | "awaiting_review" | "succeeded" | "failed" | "cancelled";
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  step: { key: string; title: string; startedAt: string } | null;
  reviewKind: "plan" | "budget" | "permission" | "result" | null;
  place: number | null;
  waitsFor: WaitsFor | null;
  versionNumber: number | null;
  costMicroUsd: number;
}

/** What a person may set. A field that is left out keeps its value; null takes the setting back. */
export interface AgentSettings {
  name?: string;
  engine?: string;
  model?: string | null;
  instructions?: string | null;
  persona?: AgentPersona | null;
  policy?: Partial<AgentPolicy>;
  ceilingMicroUsd?: number | null;
}

export const DEFAULT_POLICY: AgentPolicy = { approvePlan: false, publish: "ask" };
