import { z } from "zod";
import { Id, NextCursor, Time } from "#api/schema/primitives.ts";

export const PublishingState = z.enum([
  "none",
  "pending",
  "publishing",
  "published",
  "merged",
  "closed",
  "unchanged",
  "blocked",
  "conflict",
  "failed",
]);

export const Publishing = z.object({
  state: PublishingState.meta({
    description:
      "none: kept here alone, no repository was connected. unchanged: the repository has the same files already. " +
      "merged, closed: what became of its pull request.",
  }),
  branch: z.string().nullable(),
  commitSha: z.string().nullable(),
  pullRequest: z.string().nullable().meta({ description: "Its address." }),
  pullRequestNumber: z.int().nullable(),
  changesUrl: z.string().nullable().meta({ description: "On GitHub: this version against the one before." }),
  reason: z
    .object({
      code: z.string(),
      message: z.string(),
      places: z
        .array(z.object({ path: z.string(), line: z.int().optional(), message: z.string().optional() }))
        .optional(),
    })
    .nullable()
    .meta({ description: "Why it is not there, or is tried again later." }),
});
export type Publishing = z.infer<typeof Publishing>;

export const Version = z.object({
  number: z.int().meta({ description: "From 1 for each agent." }),
  treeHash: z.string(),
  runId: Id.nullable(),
  restoredFrom: z.int().nullable().meta({ description: "The version whose files this one brought back." }),
  createdAt: Time,
  publishing: Publishing,
});
export type Version = z.infer<typeof Version>;

export const VersionList = z.object({ versions: z.array(Version), nextCursor: NextCursor });
export type VersionList = z.infer<typeof VersionList>;
