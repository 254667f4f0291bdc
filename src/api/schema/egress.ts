import { z } from "zod";
import { NextCursor, Time } from "#api/schema/primitives.ts";

const HOST = "`host` (ports 443 and 80), `host:port`, or `*.host` for every name below it";

export const Connection = z.object({
  id: z.string(),
  agentId: z.string().nullable(),
  host: z.string(),
  port: z.int(),
  outcome: z.enum(["open", "closed", "refused", "failed"]),
  reason: z.string().nullable().meta({
    description: "Why it was refused or failed, in a word; `packages`: read through the registry's cache.",
  }),
  attempts: z.int().meta({ description: "The same refusal in quick succession is one entry." }),
  bytesIn: z.int().meta({ description: "To the workspace." }),
  bytesOut: z.int(),
  startedAt: Time,
  endedAt: Time.nullable(),
});
export type Connection = z.infer<typeof Connection>;

export const Egress = z.object({
  enabled: z.boolean(),
  allow: z.array(z.string()).meta({ description: `What you added: ${HOST}.` }),
  operatorAllow: z.array(z.string()).meta({ description: "What every workspace may reach." }),
  connections: z.array(Connection).meta({ description: "The latest first." }),
  nextCursor: NextCursor,
});
export type Egress = z.infer<typeof Egress>;

export const EgressChoice = z.strictObject({
  enabled: z.boolean(),
  allow: z.array(z.string().min(1).max(300)).max(200).meta({ description: HOST }),
});
export type EgressChoice = z.infer<typeof EgressChoice>;
