"use client";

import { BarChart } from "@mantine/charts";
import { useFormatter, useTranslations } from "next-intl";
import type { UsageRow } from "#api/schema/usage.ts";
import { daysBetween } from "#app/(desk)/usage/periods.ts";
import { formatMoney } from "#ui/format-amounts.ts";

/** Cost by day. The table below says the same in figures, so the drawing itself is not read aloud. */
export function UsageChart({ rows, from, to }: { rows: UsageRow[]; from: string; to: string }) {
  const t = useTranslations("usage");
  const format = useFormatter();
  const byDay = new Map(rows.map((row) => [row.key, row.costMicroUsd]));
  const data = daysBetween(from, to).map((key) => ({
    day: format.dateTime(new Date(`${key}T12:00:00Z`), { month: "short", day: "numeric", timeZone: "UTC" }),
    cost: byDay.get(key) ?? 0,
  }));
  return (
    <div aria-hidden="true">
      <BarChart
        h={200}
        data={data}
        dataKey="day"
        series={[{ name: "cost", label: t("cost"), color: "var(--accent)" }]}
        valueFormatter={(value) => formatMoney(format, value)}
        gridAxis="x"
        tickLine="none"
        yAxisProps={{ width: 72 }}
        maxBarWidth={28}
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ radius: [3, 3, 0, 0], isAnimationActive: false }}
      />
    </div>
  );
}
