"use client";

import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { useLimits } from "#app/_data/use-account.ts";
import { useWorkspace } from "#app/_data/use-workspace.ts";
import classes from "#app/_shell/rail.module.css";
import { UserMenu } from "#app/_shell/user-menu.tsx";
import { formatBytes, formatMoney } from "#ui/format-amounts.ts";
import { Gauge } from "#ui/gauge.tsx";

export function RailFoot() {
  return (
    <div className={classes.foot}>
      <WorkspaceGauge />
      <SpendGauge />
      <UserMenu />
    </div>
  );
}

function WorkspaceGauge() {
  const t = useTranslations("shell");
  const state = useTranslations("workspaceState");
  const format = useFormatter();
  const workspace = useWorkspace().data;
  const gauges = workspace?.gauges;
  const measured = gauges?.memoryBytes !== null && gauges?.memoryBytes !== undefined;
  const text = !workspace
    ? "–"
    : measured
      ? formatBytes(format, gauges.memoryBytes ?? 0)
      : state(workspace.state);
  const share =
    measured && gauges.memoryLimitBytes ? (gauges.memoryBytes ?? 0) / gauges.memoryLimitBytes : null;
  return (
    <Link href="/workspace" className={classes.footLink}>
      <Gauge label={t("workspace")} share={share} text={text} />
    </Link>
  );
}

function SpendGauge() {
  const t = useTranslations("shell");
  const format = useFormatter();
  const budget = useLimits().data?.budget;
  const spent = budget ? formatMoney(format, budget.spentMicroUsd) : "–";
  const cap = budget?.monthlyMicroUsd ?? null;
  return (
    <Link href="/usage" className={classes.footLink}>
      <Gauge
        label={t("thisMonth")}
        share={budget && cap ? budget.spentMicroUsd / cap : null}
        text={cap ? t("spentOf", { spent, cap: formatMoney(format, cap) }) : spent}
      />
    </Link>
  );
}
