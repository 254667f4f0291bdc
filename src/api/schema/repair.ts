import { z } from "zod";
import { Id, Time } from "#api/schema/primitives.ts";

export const Repair = z.object({
  id: Id,
  kind: z.enum(["comment", "check", "conflict"]),
  pullRequestNumber: z.int().nullable(),
  author: z.string().nullable(),
  text: z.string().meta({ description: "What was said, or the names of what failed: as it was said." }),
  url: z.string().nullable(),
  trusted: z.boolean().meta({ description: "Whoever said it may write to the repository." }),
  createdAt: Time,
});
export type Repair = z.infer<typeof Repair>;

export const RepairList = z.object({ repairs: z.array(Repair) });
export type RepairList = z.infer<typeof RepairList>;
