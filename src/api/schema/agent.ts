import { z } from "zod";
import { WAITS_FOR } from "#agents/run-queue.ts";
import { Id, MicroUsd, MicroUsdLimit, Name, NextCursor, plainText, Time } from "#api/schema/primitives.ts";
import { ReviewKind, RunStatus } from "#events/vocabulary.ts";

export const Policy = z.strictObject({
  approvePlan: z.boolean().meta({ description: "Ask a person before the plan is carried out." }),
  publish: z.enum(["ask", "auto"]),
});
export type Policy = z.infer<typeof Policy>;

export const PolicyChange = Policy.partial().meta({
  description: "What is left out stays as it is; in a new agent: approvePlan false, publish ask.",
});
export type PolicyChange = z.infer<typeof PolicyChange>;

export const Persona = z.strictObject({
  name: Name.optional(),
  language: z.enum(["en", "ko", "ja"]).optional(),
  tone: plainText(200).optional(),
  length: z.enum(["short", "medium", "long"]).optional(),
});
export type Persona = z.infer<typeof Persona>;

export const LatestRun = z.object({
  id: Id,
  status: RunStatus,
  createdAt: Time,
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  step: z
    .object({ key: z.string(), title: z.string(), startedAt: Time })
    .nullable()
    .meta({ description: "The step under way." }),
  reviewKind: ReviewKind.nullable().meta({ description: "What the run waits for, where it waits." }),
  waitsFor: z.enum(WAITS_FOR).nullable().meta({ description: "What a queued run waits for." }),
  place: z.int().nullable().meta({ description: "Place in the queue, from 1, where it is queued." }),
  versionNumber: z.int().nullable(),
  costMicroUsd: MicroUsd,
});
export type LatestRun = z.infer<typeof LatestRun>;

export const Agent = z.object({
  id: Id,
  name: z.string(),
  engine: z.string(),
  model: z.string().nullable().meta({ description: "null: the engine's default." }),
  instructions: z.string().nullable(),
  persona: Persona.nullable(),
  policy: Policy,
  ceilingMicroUsd: MicroUsd.nullable().meta({ description: "What its runs may cost in all; null: no cap." }),
  createdAt: Time,
  updatedAt: Time,
  costMicroUsd: MicroUsd.meta({ description: "What its runs have cost so far." }),
  latestRun: LatestRun.nullable(),
});
export type Agent = z.infer<typeof Agent>;

export const AgentList = z.object({ agents: z.array(Agent), nextCursor: NextCursor });
export type AgentList = z.infer<typeof AgentList>;

const settings = {
  engine: z.string().min(1).max(40).optional().meta({ description: "Default: builder." }),
  model: plainText(200).min(1).nullable().optional(),
  instructions: plainText(32_768).nullable().optional(),
  persona: Persona.nullable().optional(),
  policy: PolicyChange.optional(),
  ceilingMicroUsd: MicroUsdLimit.nullable().optional(),
};

export const NewAgent = z.strictObject({ name: Name, ...settings });
export type NewAgent = z.infer<typeof NewAgent>;

export const AgentChange = z.strictObject({ name: Name.optional(), ...settings });
export type AgentChange = z.infer<typeof AgentChange>;
