"use client";

import { useTranslations } from "next-intl";
import classes from "#app/(desk)/agents/[agentId]/_review/review-figures.module.css";
import type { Quote } from "#events/vocabulary.ts";
import { Figure } from "#ui/figure.tsx";
import { Money, MoneyRange } from "#ui/money.tsx";

/** What a plan is expected to take, before it is approved. */
export function QuoteFigures({ quote }: { quote: Quote }) {
  const t = useTranslations("plan");
  const { files, calls, repairs, lowMicroUsd, highMicroUsd, ceilingMicroUsd } = quote;
  return (
    <div className={classes.figures} data-testid="quote">
      <Figure label={t("files")} value={files} />
      <Figure label={t("calls")} value={calls} note={t("repairs", { repairs })} />
      <Figure label={t("price")} value={<MoneyRange low={lowMicroUsd} high={highMicroUsd} />} />
      <Figure
        label={t("ceiling")}
        value={ceilingMicroUsd === null ? t("noCeiling") : <Money microUsd={ceilingMicroUsd} />}
      />
    </div>
  );
}
