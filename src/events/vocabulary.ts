import { z } from "zod";

/**
 * The one vocabulary of a run's events. Words follow the Agent Client Protocol's `session/update`
 * (agentclientprotocol.com) where it has them; the rest are ours. Every engine says these and nothing else;
 * screens, REST, SSE and sockets are readers of the log they are kept in.
 */

/** The key of the durable step that says the event, e.g. "r1/write:src/app.py". */
const step = { step: z.string().optional() };
const text = z.object({ type: z.literal("text"), text: z.string() });

export const RUN_STATUSES = [
  "queued",
  "running",
  "awaiting_review",
  "succeeded",
  "failed",
  "cancelled",
] as const;
export const RunStatus = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof RunStatus>;

export const ReviewKind = z.enum(["plan", "budget", "permission", "result"]);
export type ReviewKind = z.infer<typeof ReviewKind>;

export const PlanEntry = z.object({
  content: z.string(),
  priority: z.enum(["high", "medium", "low"]),
  status: z.enum(["pending", "in_progress", "completed"]),
  /** the file the entry stands for, where it stands for one */
  path: z.string().optional(),
  /** of a file: the paths of files that it uses */
  dependsOn: z.array(z.string()).optional(),
});
export type PlanEntry = z.infer<typeof PlanEntry>;

/** What keeps a result, or one of its files, from being published. `line` from 1, where it was found in a text. */
export const Obstacle = z.object({
  /** left_out: the file is no part of the result, which can be published without it */
  code: z.enum(["path", "link", "too_large", "private", "workflow", "secret", "left_out"]),
  path: z.string(),
  line: z.number().int().optional(),
  message: z.string(),
});
export type Obstacle = z.infer<typeof Obstacle>;

/** What a run is expected to cost, said when its plan is drawn. Whole micro-dollars; the run's costs so far are in it. */
export const Quote = z.object({
  files: z.number().int(),
  /** model calls after the plan, where nothing has to be mended */
  calls: z.number().int(),
  /** further calls at most, where something has */
  repairs: z.number().int(),
  lowMicroUsd: z.number().int(),
  highMicroUsd: z.number().int(),
  /** what the run may cost in all under the tightest of its caps; null: nothing caps it */
  ceilingMicroUsd: z.number().int().nullable(),
});
export type Quote = z.infer<typeof Quote>;

/** What a run that nears a cap tells its person. Whole micro-dollars. */
export const BudgetFigures = z.object({
  /** run: the run's own ceiling; agent: its agent's; month: the user's budget; site: the installation's; null: none now */
  cap: z.enum(["run", "agent", "month", "site"]).nullable(),
  limitMicroUsd: z.number().int().nullable(),
  leftMicroUsd: z.number().int().nullable(),
  /** by this run, so far */
  spentMicroUsd: z.number().int(),
  /** what is expected still, beside that; null: nothing is planned yet */
  lowMicroUsd: z.number().int().nullable(),
  highMicroUsd: z.number().int().nullable(),
  /** what the run may cost in all, as long as the cap stays as it is */
  ceilingMicroUsd: z.number().int().nullable(),
});
export type BudgetFigures = z.infer<typeof BudgetFigures>;

export const EventBody = z.discriminatedUnion("type", [
  // the Agent Client Protocol's
  z.object({ type: z.literal("agent_message_chunk"), ...step, content: text }),
  z.object({ type: z.literal("agent_thought_chunk"), ...step, content: text }),
  z.object({ type: z.literal("plan"), ...step, entries: z.array(PlanEntry) }),
  z.object({
    type: z.literal("tool_call"),
    ...step,
    toolCallId: z.string(),
    title: z.string(),
    kind: z.enum(["read", "edit", "delete", "move", "search", "execute", "think", "fetch", "other"]),
    status: z.enum(["pending", "in_progress", "completed", "failed"]),
    rawInput: z.unknown().optional(),
  }),
  z.object({
    type: z.literal("tool_call_update"),
    ...step,
    toolCallId: z.string(),
    status: z.enum(["pending", "in_progress", "completed", "failed"]).optional(),
    content: z.array(text).optional(),
    rawOutput: z.unknown().optional(),
  }),
  z.object({
    type: z.literal("usage_update"),
    ...step,
    model: z.string(),
    inputTokens: z.number().int(),
    outputTokens: z.number().int(),
    costMicroUsd: z.number().int(),
  }),
  // ours
  z.object({ type: z.literal("quote"), quote: Quote }),
  z.object({ type: z.literal("run_status"), status: RunStatus, detail: z.string().optional() }),
  z.object({
    type: z.literal("step"),
    ...step,
    key: z.string(),
    title: z.string(),
    status: z.enum(["running", "done", "failed"]),
    attempt: z.number().int(),
    costMicroUsd: z.number().int().optional(),
    durationMs: z.number().int().optional(),
    detail: z.string().optional(),
  }),
  z.object({
    type: z.literal("file_changed"),
    ...step,
    path: z.string(),
    change: z.enum(["created", "modified", "deleted"]),
    size: z.number().int(),
    additions: z.number().int(),
    deletions: z.number().int(),
  }),
  z.object({ type: z.literal("output"), ...step, stream: z.enum(["stdout", "stderr"]), text: z.string() }),
  z.object({
    type: z.literal("finding"),
    ...step,
    tool: z.string(),
    severity: z.enum(["info", "warning", "error"]),
    message: z.string(),
    path: z.string().optional(),
    line: z.number().int().optional(),
  }),
  z.object({
    type: z.literal("review_requested"),
    ...step,
    kind: ReviewKind,
    treeHash: z.string().optional(),
    summary: z.string(),
    figures: z
      .object({
        files: z.number().int(),
        testsPassed: z.number().int(),
        testsFailed: z.number().int(),
        findings: z.number().int(),
        costMicroUsd: z.number().int(),
      })
      .optional(),
    /** of a result */
    obstacles: z.array(Obstacle).optional(),
    budget: BudgetFigures.optional(),
  }),
  z.object({
    type: z.literal("version_published"),
    number: z.number().int(),
    treeHash: z.string(),
    /** how far it has come on its way to a repository, as the version's own `publishing.state` */
    state: z.string(),
    pullRequest: z.string().optional(),
    pullRequestNumber: z.number().int().optional(),
    reason: z.string().optional(),
  }),
  z.object({
    type: z.literal("notice"),
    ...step,
    level: z.enum(["info", "warning", "error"]),
    text: z.string(),
  }),
]);
export type EventBody = z.infer<typeof EventBody>;

/** The largest seq that there can be: a longer log does not fit the column. */
export const LAST_SEQ = 2 ** 31 - 1;

/** An event as it is kept and sent: seq starts at 1 in each run, with no gap and no repeat. */
export type RunEvent = EventBody & { runId: string; seq: number; at: string };
