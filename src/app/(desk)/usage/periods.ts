export const PERIODS = ["month", "last", "30", "90"] as const;
export type Period = (typeof PERIODS)[number];

const DAY_MS = 24 * 3600 * 1000;

/** A period as first and last day, both included, in UTC as the ledger counts. */
export function periodDays(period: Period, now: Date): { from: string; to: string } {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  if (period === "month") return { from: day(Date.UTC(year, month, 1)), to: day(now.getTime()) };
  if (period === "last")
    return { from: day(Date.UTC(year, month - 1, 1)), to: day(Date.UTC(year, month, 0)) };
  return { from: day(now.getTime() - (Number(period) - 1) * DAY_MS), to: day(now.getTime()) };
}

/** Every day from the first to the last, so that a chart shows days without spending too. */
export function daysBetween(from: string, to: string): string[] {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const count = Math.max(0, Math.round((last - first) / DAY_MS)) + 1;
  return Array.from({ length: count }, (_, index) => day(first + index * DAY_MS));
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
