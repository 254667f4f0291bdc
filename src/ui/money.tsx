"use client";

import { useFormatter } from "next-intl";
import { formatMoney } from "#ui/format-amounts.ts";
import classes from "#ui/numbers.module.css";

/** A sum in whole micro-dollars. */
export function Money({ microUsd, digits }: { microUsd: number; digits?: number }) {
  const format = useFormatter();
  return <span className={classes.money}>{formatMoney(format, microUsd, digits)}</span>;
}

/** A sum before it is spent, as a range. */
export function MoneyRange({ low, high }: { low: number; high: number }) {
  const format = useFormatter();
  const [from, to] = [formatMoney(format, low), formatMoney(format, high)];
  if (from === to) return <span className={classes.money}>{from}</span>;
  return (
    <span>
      <span className={classes.money}>{from}–</span>
      <wbr />
      <span className={classes.money}>{to}</span>
    </span>
  );
}
