"use client";

import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTimeZone, useTranslations } from "next-intl";
import { useState } from "react";
import type { UsageGroup } from "#api/schema/usage.ts";
import { apiUrl } from "#app/_data/call-api.ts";
import { useModels, useUsage } from "#app/_data/use-account.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { BudgetForm } from "#app/(desk)/usage/budget-form.tsx";
import { PERIODS, type Period, periodDays } from "#app/(desk)/usage/periods.ts";
import { Receipt } from "#app/(desk)/usage/receipt.tsx";
import classes from "#app/(desk)/usage/usage.module.css";
import { UsageChart } from "#app/(desk)/usage/usage-chart.tsx";
import { UsageFigures } from "#app/(desk)/usage/usage-figures.tsx";
import { UsageTable } from "#app/(desk)/usage/usage-table.tsx";
import { Page, PageHeader, Section } from "#ui/page.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

const GROUPS: UsageGroup[] = ["day", "agent", "model", "run"];

/** What was spent, by whom and on what: the ledger, summed. */
export function UsagePage() {
  const t = useTranslations("usage");
  const [period, setPeriod] = useState<Period>("month");
  const [group, setGroup] = useState<UsageGroup>("day");
  const [receiptOf, setReceiptOf] = useState<string | null>(null);
  const timeZone = useTimeZone() ?? "UTC";
  const { from, to } = periodDays(period, new Date(), timeZone);
  const days = useUsage("day", { from, to, timeZone });
  const rows = useUsage(group, { from, to, timeZone });
  const scripted = useModels().data?.some((model) => model.scripted) ?? false;
  const problem = [days, rows].find(({ isLoadingError }) => isLoadingError)?.error;
  return (
    <Page wide>
      <PageHeader
        title={t("title")}
        lead={t("lead", { zone: timeZone })}
        actions={
          <>
            <NativeSelect
              aria-label={t("period")}
              value={period}
              onChange={(event) => setPeriod(event.currentTarget.value as Period)}
              data={PERIODS.map((value) => ({ value, label: t(`periods.${value}`) }))}
            />
            <Button
              component="a"
              href={apiUrl("/usage.csv", { from, to, timeZone })}
              download
              variant="default"
              leftSection={<IconDownload size={16} stroke={1.6} />}
            >
              CSV
            </Button>
          </>
        }
      />
      {problem ? <ProblemState problem={problem} retry={() => void rows.refetch()} /> : null}
      {days.data ? <UsageFigures usage={days.data} /> : <ShapeLines count={2} height={28} />}
      {scripted ? <p className={classes.demo}>{t("demo")}</p> : null}
      {days.data && days.data.total.costMicroUsd > 0 ? (
        <Section title={t("byDay")}>
          <UsageChart rows={days.data.rows} from={from} to={to} />
        </Section>
      ) : null}
      <Section
        title={t("detail")}
        actions={
          <SegmentedControl
            size="xs"
            aria-label={t("groupBy")}
            value={group}
            onChange={(value) => setGroup(value as UsageGroup)}
            data={GROUPS.map((value) => ({ value, label: t(`group.${value}`) }))}
          />
        }
      >
        {rows.data ? (
          <UsageTable
            group={group}
            rows={rows.data.rows}
            total={rows.data.total}
            openReceipt={setReceiptOf}
          />
        ) : (
          <ShapeLines count={4} />
        )}
      </Section>
      <Section title={t("budget")}>
        <div className={classes.budget}>
          <BudgetForm />
        </div>
      </Section>
      <Receipt runId={receiptOf} close={() => setReceiptOf(null)} />
    </Page>
  );
}
