import { z } from "zod";
import { WAITS_FOR } from "#agents/run-queue.ts";
import { Id, MicroUsd, NextCursor, plainText, Time } from "#api/schema/primitives.ts";
import { EditedPlan } from "#engines/edit-plan.ts";
import { BudgetFigures, EventBody, Obstacle, Quote, ReviewKind, RunStatus } from "#events/vocabulary.ts";

export const Step = z.object({
  key: z.string(),
  title: z.string(),
  status: z.enum(["running", "done", "failed"]),
  attempt: z.int(),
  startedAt: Time,
  endedAt: Time.nullable(),
  costMicroUsd: MicroUsd,
});
export type Step = z.infer<typeof Step>;

export const ReviewFigures = z.object({
  files: z.int(),
  testsPassed: z.int(),
  testsFailed: z.int(),
  findings: z.int(),
  costMicroUsd: MicroUsd.optional(),
});
export type ReviewFigures = z.infer<typeof ReviewFigures>;

export const Review = z.object({
  kind: ReviewKind,
  treeHash: z
    .string()
    .nullable()
    .meta({ description: "What an approval is for; give it back with the answer." }),
  options: z.array(z.object({ id: z.string(), name: z.string() })).nullable(),
  summary: z.string(),
  figures: ReviewFigures.nullable(),
  obstacles: z.array(Obstacle).meta({
    description:
      "Of a result: what would keep it from being published, by file and line, secrets masked. It can be approved all the same: the version is kept, and not sent. `left_out`: no part of the result, keeps nothing.",
  }),
  plan: EditedPlan.nullable().meta({
    description: "Of a plan: as it was proposed. Approve it, or give it back edited with the approval.",
  }),
  budget: BudgetFigures.nullable().meta({
    description:
      "Of a budget: what was spent, what is left of the tightest cap, and what is expected still. Approving lets the run go on, never past a cap.",
  }),
});
export type Review = z.infer<typeof Review>;

export const Run = z.object({
  id: Id,
  agentId: Id,
  status: RunStatus,
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  quote: Quote.nullable().meta({
    description: "What the run is expected to cost in all, once its plan is drawn; no promise and no cap.",
  }),
  review: Review.nullable(),
  queue: z
    .object({ place: z.int(), waitsFor: z.enum(WAITS_FOR) })
    .nullable()
    .meta({ description: "Its place in line, from 1, and what it waits for, while it is queued." }),
  costMicroUsd: MicroUsd,
  engine: z.string(),
  model: z.string(),
  round: z.int().meta({ description: "Rises each time a person asks for changes." }),
  steps: z.array(Step),
  lastSeq: z.int().meta({ description: "The sequence number of the run's latest event." }),
  versionNumber: z.int().nullable(),
  createdAt: Time,
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
});
export type Run = z.infer<typeof Run>;

export const RunList = z.object({ runs: z.array(Run), nextCursor: NextCursor });
export type RunList = z.infer<typeof RunList>;

export const Event = EventBody.and(
  z.object({
    runId: Id,
    seq: z.int().meta({ description: "From 1 in each run, no gap, no repeat." }),
    at: Time,
  }),
);
export type Event = z.infer<typeof Event>;

export const EventList = z.object({ events: z.array(Event) });
export type EventList = z.infer<typeof EventList>;

export const LineComment = z.strictObject({
  path: z.string().min(1).max(1_000),
  line: z.int().min(1).max(10_000_000).meta({ description: "From 1, in the result's file." }),
  text: plainText(4_096).refine((text) => text.trim() !== "", "must not be empty"),
});
export type LineComment = z.infer<typeof LineComment>;

export const ReviewAnswer = z.strictObject({
  decision: z.enum(["approve", "request_changes", "reject"]),
  treeHash: z
    .string()
    .max(200)
    .optional()
    .meta({ description: "The tree that was looked at: the answer is refused when it is not the review's." }),
  comment: plainText(65_536).optional(),
  comments: z.array(LineComment).max(100).optional().meta({
    description: "With `request_changes` on a result, and its `treeHash`: what to change, line by line.",
  }),
  option: z.string().max(200).optional(),
  plan: EditedPlan.optional().meta({
    description:
      "With the approval of a plan: what to carry out instead. Checked like the architect's; what is wrong with it is answered with 400, and the review stays open.",
  }),
});
export type ReviewAnswer = z.infer<typeof ReviewAnswer>;

export const DiffFile = z.object({
  path: z.string(),
  change: z.enum(["added", "modified", "deleted"]),
  additions: z.int(),
  deletions: z.int(),
  binary: z.boolean(),
  patch: z.string().meta({ description: "Unified diff; empty for binary files." }),
});
export type DiffFile = z.infer<typeof DiffFile>;

export const Diff = z.object({
  baseTreeHash: z.string().nullable(),
  treeHash: z.string(),
  files: z.array(DiffFile),
});
export type Diff = z.infer<typeof Diff>;
