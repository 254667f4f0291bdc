import { z } from "zod";
import { TimeZone } from "#api/schema/account.ts";
import { MicroUsd } from "#api/schema/primitives.ts";

export const UsageGroup = z.enum(["day", "agent", "model", "run"]);
export type UsageGroup = z.infer<typeof UsageGroup>;

const date = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .meta({ description: "A day, of the time zone, or a moment." });

export const UsageQuery = z.strictObject({
  from: date.optional().meta({ description: "Included. Default: the first of this month." }),
  to: date.optional().meta({ description: "A day is included whole, a moment is not. Default: now." }),
  timeZone: TimeZone.optional().meta({
    description: "IANA zone in which days and months begin. Default: the user's own, or UTC.",
  }),
  groupBy: UsageGroup.default("day"),
});
export type UsageQuery = z.infer<typeof UsageQuery>;

const figures = {
  costMicroUsd: MicroUsd,
  calls: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  cacheReadTokens: z.int(),
  cacheWriteTokens: z.int(),
};

export const UsageRow = z.object({
  key: z.string().nullable().meta({ description: "null: calls that belong to no agent or run." }),
  ...figures,
});
export type UsageRow = z.infer<typeof UsageRow>;

export const ReceiptLine = z.object({
  stepKey: z.string().nullable().meta({ description: "null: calls outside any step." }),
  model: z.string(),
  ...figures,
  estimated: z
    .boolean()
    .meta({ description: "Some of the figures are estimated: the provider did not say." }),
  reasons: z.array(z.string()).meta({ description: "Why some of the figures are not the plain ones." }),
});
export type ReceiptLine = z.infer<typeof ReceiptLine>;

export const Receipt = z.object({
  costMicroUsd: MicroUsd,
  ceilingMicroUsd: MicroUsd.nullable().meta({
    description: "The most that the run may cost; null: no cap of its own.",
  }),
  reservedMicroUsd: MicroUsd.meta({ description: "Held right now for calls under way." }),
  acceptedLines: z.int().nullable().meta({
    description:
      "Lines that the run's approved result added or changed; tokens by these are what an accepted line cost. null: nothing of it was approved.",
  }),
  lines: z.array(ReceiptLine).meta({ description: "They add up to costMicroUsd." }),
});
export type Receipt = z.infer<typeof Receipt>;

export const Usage = z.object({
  total: z.object(figures),
  reservedMicroUsd: MicroUsd,
  rows: z.array(UsageRow),
});
export type Usage = z.infer<typeof Usage>;
