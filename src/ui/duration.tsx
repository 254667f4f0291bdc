"use client";

import { useFormatter } from "next-intl";
import { formatBytes, formatDuration } from "#ui/format-amounts.ts";
import classes from "#ui/numbers.module.css";

/** How long something took, from milliseconds. */
export function Duration({ ms }: { ms: number }) {
  return <span className={classes.time}>{formatDuration(useFormatter(), ms)}</span>;
}

/** A size in bytes. */
export function Bytes({ value }: { value: number }) {
  return <span className={classes.time}>{formatBytes(useFormatter(), value)}</span>;
}
