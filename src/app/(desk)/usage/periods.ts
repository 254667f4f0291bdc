export const PERIODS = ["month", "last", "30", "90"] as const;
export type Period = (typeof PERIODS)[number];

const DAY_MS = 24 * 3600 * 1000;

/** A period as first and last day, both included, as they are counted in a time zone. */
export function periodDays(period: Period, now: Date, timeZone: string): { from: string; to: string } {
  // Sweden writes dates as they are wanted here.
  const to = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(now);
  const today = new Date(`${to}T00:00:00Z`);
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  if (period === "month") return { from: day(Date.UTC(year, month, 1)), to };
  if (period === "last")
    return { from: day(Date.UTC(year, month - 1, 1)), to: day(Date.UTC(year, month, 0)) };
  return { from: day(today.getTime() - (Number(period) - 1) * DAY_MS), to };
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
