"use client";

import { formatClock } from "#ui/format-amounts.ts";
import classes from "#ui/numbers.module.css";
import { useClock } from "#ui/use-clock.ts";

const STEP_MS = 1000;

/** A running clock since a moment. Silent to screen readers: a number that changes each second is noise. */
export function Elapsed({ since }: { since: string }) {
  const now = useClock(STEP_MS);
  return (
    <span className={classes.time} aria-hidden="true" suppressHydrationWarning>
      {formatClock(now - Date.parse(since))}
    </span>
  );
}
