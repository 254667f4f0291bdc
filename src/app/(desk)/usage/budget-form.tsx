"use client";

import { Button, NumberInput } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { useLimits, useSetBudget } from "#app/_data/use-account.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/usage/usage.module.css";
import { formatMoney } from "#ui/format-amounts.ts";
import { Gauge } from "#ui/gauge.tsx";

const MICRO = 1_000_000;

/** The cap of a month, and how much of it is used. The cap is hard: no call is made that could pass it. */
export function BudgetForm() {
  const t = useTranslations("usage");
  const format = useFormatter();
  const budget = useLimits().data?.budget;
  const set = useSetBudget();
  const [dollars, setDollars] = useState<number | null>(null);
  if (!budget) return null;
  const cap = budget.monthlyMicroUsd;
  const shown = dollars ?? (cap === null ? "" : cap / MICRO);
  return (
    <form
      className={classes.budgetForm}
      onSubmit={(event) => {
        event.preventDefault();
        if (dollars !== null) set.mutate(Math.round(dollars * MICRO), { onSuccess: () => setDollars(null) });
      }}
    >
      <Gauge
        label={t("spentThisMonth")}
        share={cap ? budget.spentMicroUsd / cap : null}
        text={
          cap === null
            ? formatMoney(format, budget.spentMicroUsd)
            : t("spentOf", {
                spent: formatMoney(format, budget.spentMicroUsd),
                cap: formatMoney(format, cap),
              })
        }
      />
      <div className={classes.budgetField}>
        <NumberInput
          label={t("monthly")}
          description={t("monthlyHelp")}
          prefix="$"
          min={0}
          max={1_000_000}
          decimalScale={2}
          hideControls
          value={shown}
          onChange={(value) => setDollars(typeof value === "number" ? value : null)}
        />
        <Button type="submit" disabled={dollars === null} loading={set.isPending}>
          {t("setBudget")}
        </Button>
      </div>
      {set.error ? <ProblemState problem={set.error} /> : null}
    </form>
  );
}
