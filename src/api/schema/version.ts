import { z } from "zod";
import { Id, NextCursor, Time } from "#api/schema/primitives.ts";

export const Publishing = z.object({
  state: z.string().meta({ description: "none: no repository was connected." }),
  branch: z.string().nullable(),
  commitSha: z.string().nullable(),
  pullRequest: z.string().nullable().meta({ description: "Its address." }),
});
export type Publishing = z.infer<typeof Publishing>;

export const Version = z.object({
  number: z.int().meta({ description: "From 1 for each agent." }),
  treeHash: z.string(),
  runId: Id.nullable(),
  createdAt: Time,
  publishing: Publishing,
});
export type Version = z.infer<typeof Version>;

export const VersionList = z.object({ versions: z.array(Version), nextCursor: NextCursor });
export type VersionList = z.infer<typeof VersionList>;
