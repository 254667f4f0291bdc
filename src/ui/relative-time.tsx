"use client";

import { useFormatter, useNow } from "next-intl";
import classes from "#ui/numbers.module.css";

const REFRESH_MS = 20_000;

/** A clock that runs a moment ahead of ours must not say "in 1 second". */
const AHEAD_MS = 60_000;

/** "3 minutes ago", exact on hover, in the reader's zone. */
export function RelativeTime({ at }: { at: string }) {
  const format = useFormatter();
  const now = useNow({ updateInterval: REFRESH_MS });
  const date = new Date(at);
  const exact = format.dateTime(date, { dateStyle: "full", timeStyle: "medium" });
  const ahead = date.getTime() - now.getTime();
  const reference = ahead > 0 && ahead < AHEAD_MS ? date : now;
  return (
    <time dateTime={at} title={exact} className={classes.time} suppressHydrationWarning>
      {format.relativeTime(date, reference)}
    </time>
  );
}
