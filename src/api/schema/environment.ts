import { z } from "zod";
import { Time } from "#api/schema/primitives.ts";

export const EnvironmentKey = z.object({
  name: z.string(),
  masked: z.boolean().meta({ description: "false: the value is too short to be masked in outputs." }),
  updatedAt: Time,
});

export const EnvironmentKeys = z.object({
  keys: z.array(EnvironmentKey).meta({ description: "By name. Values are never returned." }),
});
export type EnvironmentKeys = z.infer<typeof EnvironmentKeys>;

export const EnvironmentChange = z
  .record(z.string(), z.string().nullable())
  .refine((change) => Object.keys(change).length > 0, "names no variable")
  .meta({ description: "Variables to set; null removes one. What is not named stays as it is." });
export type EnvironmentChange = z.infer<typeof EnvironmentChange>;
