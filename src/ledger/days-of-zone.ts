/** Days as a person counts them, in the zone where they live. Days are yyyy-mm-dd, zones are IANA's. */

const DAY_MS = 24 * 3600 * 1000;

/** The moment at which a day begins; where clocks jump over it, the one at which they arrive behind it. */
export function startOfDay(day: string, timeZone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  // The offset of a guess may not be that of the moment it leads to: clocks change once at most in between.
  const guess = wanted - offsetAt(wanted, timeZone);
  const begins = wanted - offsetAt(guess, timeZone);
  return new Date(Math.max(begins, Math.min(guess, wanted - offsetAt(begins, timeZone))));
}

/** @returns null behind the last day that is written with four figures */
export function dayAfter(day: string): string | null {
  if (day === "9999-12-31") return null;
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

/** The first day of the month that a moment falls into there. */
export function firstOfMonth(at: Date, timeZone: string): string {
  return `${clockAt(at.getTime(), timeZone).toISOString().slice(0, 7)}-01`;
}

/** How far the clocks there are ahead of UTC, milliseconds. */
function offsetAt(ms: number, timeZone: string): number {
  return clockAt(ms, timeZone).getTime() - Math.floor(ms / 1000) * 1000;
}

/** What the clocks there show, as if they showed UTC. */
function clockAt(ms: number, timeZone: string): Date {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(ms);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const [year, month, day] = [part("year"), part("month"), part("day")];
  return new Date(Date.UTC(year, month - 1, day, part("hour"), part("minute"), part("second")));
}
