"use client";

import { Anchor } from "@mantine/core";
import Link from "next/link";
import { useTranslations } from "next-intl";
import classes from "#app/(desk)/agents/[agentId]/_review/review-figures.module.css";
import type { BudgetFigures as Figures } from "#events/vocabulary.ts";
import { Figure } from "#ui/figure.tsx";
import { Money, MoneyRange } from "#ui/money.tsx";

/** What was spent, what is expected still, what is left of which cap, and where that cap is raised. */
export function BudgetFigures({ budget, agentId }: { budget: Figures; agentId: string }) {
  const t = useTranslations("plan");
  const run = useTranslations("run");
  const { cap, limitMicroUsd, leftMicroUsd, spentMicroUsd, lowMicroUsd, highMicroUsd } = budget;
  const expected = lowMicroUsd !== null && highMicroUsd !== null;
  return (
    <div data-testid="budget">
      <div className={classes.figures}>
        <Figure label={t("spent")} value={<Money microUsd={spentMicroUsd} />} />
        <Figure
          label={t("rest")}
          value={expected ? <MoneyRange low={lowMicroUsd} high={highMicroUsd} /> : t("unknown")}
        />
        <Figure
          label={t("left")}
          value={leftMicroUsd === null ? t("unknown") : <Money microUsd={leftMicroUsd} />}
        />
        <Figure
          label={cap === null ? t("ceiling") : t(`cap.${cap}`)}
          value={limitMicroUsd === null ? t("noCeiling") : <Money microUsd={limitMicroUsd} />}
        />
      </div>
      {cap === "agent" || cap === "month" ? (
        <p className={classes.none}>
          <Anchor component={Link} href={cap === "month" ? "/usage" : `/agents/${agentId}/settings`} inherit>
            {run(cap === "month" ? "toBudget" : "toCeiling")}
          </Anchor>
        </p>
      ) : null}
    </div>
  );
}
