import { z } from "zod";

/** What a connection to an outside party needs, and what of it this installation lacks. */
const missing = z.array(z.string()).meta({ description: "Variables of the environment that are not set." });

export const Billing = z.object({ configured: z.boolean(), missing, tier: z.string() });
export type Billing = z.infer<typeof Billing>;

export const Model = z.object({
  id: z.string(),
  provider: z.string(),
  scripted: z.boolean().meta({ description: "true: answers come from a script, not from a model." }),
});
export type Model = z.infer<typeof Model>;

export const ModelList = z.object({ models: z.array(Model) });
export type ModelList = z.infer<typeof ModelList>;
