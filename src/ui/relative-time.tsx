"use client";

import { useFormatter } from "next-intl";
import classes from "#ui/numbers.module.css";
import { useClock } from "#ui/use-clock.ts";

const STEP_MS = 10_000;

/** Between two steps of ours, or by a clock that runs a moment ahead, something new must not be "in 1 second". */
const AHEAD_MS = 60_000;

/** "3 minutes ago", exact on hover, in the reader's zone. */
export function RelativeTime({ at }: { at: string }) {
  const format = useFormatter();
  const now = useClock(STEP_MS);
  const date = new Date(at);
  const exact = format.dateTime(date, { dateStyle: "full", timeStyle: "medium" });
  const ahead = date.getTime() - now;
  const reference = ahead > 0 && ahead < AHEAD_MS ? date : now;
  return (
    <time dateTime={at} title={exact} className={classes.time} suppressHydrationWarning>
      {format.relativeTime(date, reference)}
    </time>
  );
}
