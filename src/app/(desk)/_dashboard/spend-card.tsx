"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { Agent } from "#api/schema/agent.ts";
import { useLimits } from "#app/_data/use-account.ts";
import { Card } from "#app/(desk)/_dashboard/card.tsx";
import classes from "#app/(desk)/_dashboard/dashboard.module.css";
import { formatMoney } from "#ui/format-amounts.ts";
import { Gauge } from "#ui/gauge.tsx";
import { Money } from "#ui/money.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

export function SpendCard({ agents }: { agents: Agent[] }) {
  const t = useTranslations("dashboard");
  const format = useFormatter();
  const limits = useLimits().data;
  const cap = limits?.budget.monthlyMicroUsd ?? null;
  return (
    <Card title={t("spend")} link={{ href: "/usage", label: t("usage") }}>
      {limits ? (
        <>
          <p className={classes.big}>
            <Money microUsd={limits.budget.spentMicroUsd} />
          </p>
          {cap === null ? null : (
            <Gauge
              label={t("ofBudget")}
              share={cap === 0 ? 1 : limits.budget.spentMicroUsd / cap}
              text={formatMoney(format, cap)}
            />
          )}
          <Gauge
            label={t("agentsUsed")}
            share={limits.agents.used / Math.max(1, limits.agents.limit)}
            text={t("of", { used: Math.max(limits.agents.used, agents.length), limit: limits.agents.limit })}
          />
          <Gauge
            label={t("runsUsed")}
            share={limits.runs.used / Math.max(1, limits.runs.limit)}
            text={t("of", { used: limits.runs.used, limit: limits.runs.limit })}
          />
        </>
      ) : (
        <ShapeLines count={3} height={10} />
      )}
    </Card>
  );
}
