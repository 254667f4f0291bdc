import { z } from "zod";
import { Id, MicroUsd, MicroUsdLimit, Name } from "#api/schema/primitives.ts";

export const Locale = z.enum(["en", "ko", "ja"]);
export type Locale = z.infer<typeof Locale>;

export const Me = z.object({
  id: Id,
  email: z.string(),
  name: z.string().nullable(),
  role: z.enum(["member", "operator"]),
  locale: Locale.nullable().meta({ description: "null: follows the browser." }),
  timeZone: z.string().nullable().meta({ description: "IANA zone; null: follows the browser." }),
  tier: z.string(),
  mode: z.enum(["embedded", "production"]),
});
export type Me = z.infer<typeof Me>;

function isTimeZone(zone: string): boolean {
  try {
    // An offset is taken by some as a zone, and turned round by PostgreSQL.
    if (!/^[A-Za-z]/.test(zone)) return false;
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    // Intl says "unknown zone" by throwing.
    return false;
  }
}

export const TimeZone = z.string().max(64).refine(isTimeZone, "is not an IANA time zone");

export const MeChange = z.strictObject({
  name: Name.nullable().optional(),
  locale: Locale.nullable().optional(),
  timeZone: TimeZone.nullable().optional(),
});
export type MeChange = z.infer<typeof MeChange>;

const Counted = z.object({ used: z.int(), limit: z.int() });

export const Limits = z.object({
  tier: z.string(),
  agents: Counted,
  runs: Counted.meta({ description: "Runs executing now, and how many may at once." }),
  workspace: z.object({
    memoryBytes: z.int(),
    cpus: z.number(),
    processes: z.int(),
    openFiles: z.int(),
    diskBytes: z.int(),
    commandMs: z.int(),
  }),
  budget: z.object({
    monthlyMicroUsd: MicroUsd.nullable().meta({ description: "null: no cap." }),
    spentMicroUsd: MicroUsd,
    reservedMicroUsd: MicroUsd,
  }),
});
export type Limits = z.infer<typeof Limits>;

export const BudgetChange = z.strictObject({
  monthlyMicroUsd: MicroUsdLimit.nullable().meta({ description: "null: as much as the tier allows." }),
});
export type BudgetChange = z.infer<typeof BudgetChange>;

export const Budget = z.object({
  monthlyMicroUsd: MicroUsd.nullable(),
  spentMicroUsd: MicroUsd,
  reservedMicroUsd: MicroUsd,
});
export type Budget = z.infer<typeof Budget>;
