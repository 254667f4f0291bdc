import { z } from "zod";
import { MicroUsd } from "#api/schema/primitives.ts";

export const UsageGroup = z.enum(["day", "agent", "model", "run"]);
export type UsageGroup = z.infer<typeof UsageGroup>;

const date = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .meta({ description: "A day (UTC) or a moment." });

export const UsageQuery = z.strictObject({
  from: date.optional().meta({ description: "Included. Default: the first of this month, UTC." }),
  to: date.optional().meta({ description: "A day is included whole, a moment is not. Default: now." }),
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

export const Usage = z.object({
  total: z.object(figures),
  reservedMicroUsd: MicroUsd,
  rows: z.array(UsageRow),
});
export type Usage = z.infer<typeof Usage>;
