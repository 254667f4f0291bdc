"use client";

import { useFormatter, useTranslations } from "next-intl";
import classes from "#app/(desk)/usage/usage.module.css";

type Count = "inputTokens" | "outputTokens" | "cacheReadTokens";

/** What the wide columns say, as a line below a row's name: on a phone there is room for that alone. */
export function NarrowTokens({ of, counts }: { of: Record<Count, number>; counts: readonly Count[] }) {
  const t = useTranslations("usage");
  const format = useFormatter();
  return (
    <span className={classes.narrow}>
      {counts.map((count) => (
        <span key={count} className={classes.count}>
          {t(count)} {format.number(of[count])}
        </span>
      ))}
    </span>
  );
}
