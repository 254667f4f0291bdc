import { z } from "zod";
import { Time } from "#api/schema/primitives.ts";

export const KeyProvider = z.enum(["anthropic", "openai"]);
export type KeyProvider = z.infer<typeof KeyProvider>;

export const ProviderKey = z.object({
  provider: KeyProvider,
  hint: z.string().meta({ description: "Its last four characters: more of it is never shown again." }),
  createdAt: Time,
});
export type ProviderKey = z.infer<typeof ProviderKey>;

export const ProviderKeyList = z.object({ keys: z.array(ProviderKey) });
export type ProviderKeyList = z.infer<typeof ProviderKeyList>;

export const NewProviderKey = z.strictObject({
  key: z
    .string()
    .regex(/^[\x21-\x7e]{8,500}$/, "8 to 500 printable characters, with no space")
    .meta({ description: "Sealed at once, so that only the model gateway can open it." }),
});
export type NewProviderKey = z.infer<typeof NewProviderKey>;
