"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { Usage } from "#api/schema/usage.ts";
import classes from "#app/(desk)/usage/usage.module.css";
import { Figure } from "#ui/figure.tsx";
import { Money } from "#ui/money.tsx";

export function UsageFigures({ usage }: { usage: Usage }) {
  const t = useTranslations("usage");
  const format = useFormatter();
  const { total, reservedMicroUsd } = usage;
  return (
    <div className={classes.figures}>
      <Figure
        label={t("cost")}
        value={<Money microUsd={total.costMicroUsd} />}
        note={
          reservedMicroUsd > 0
            ? t.rich("reserved", { sum: () => <Money microUsd={reservedMicroUsd} /> })
            : null
        }
      />
      <Figure label={t("calls")} value={format.number(total.calls)} />
      <Figure label={t("inputTokens")} value={format.number(total.inputTokens)} />
      <Figure label={t("outputTokens")} value={format.number(total.outputTokens)} />
    </div>
  );
}
