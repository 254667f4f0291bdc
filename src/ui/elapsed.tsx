"use client";

import { useNow } from "next-intl";
import { formatClock } from "#ui/format-amounts.ts";
import classes from "#ui/numbers.module.css";

/** A running clock since a moment. Silent to screen readers: a number that changes each second is noise. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow({ updateInterval: 1000 });
  return (
    <span className={classes.time} aria-hidden="true" suppressHydrationWarning>
      {formatClock(now.getTime() - Date.parse(since))}
    </span>
  );
}
