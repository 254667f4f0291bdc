"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { Gauges } from "#api/schema/workspace.ts";
import { formatBytes, formatDuration } from "#ui/format-amounts.ts";
import { Gauge } from "#ui/gauge.tsx";

/** Memory, processes, disk and processor time of a workspace; what the host cannot measure says so. */
export function WorkspaceGauges({ gauges }: { gauges: Gauges }) {
  const t = useTranslations("gauges");
  const format = useFormatter();
  const of = (used: number | null, limit: number | null, say: (value: number) => string) => {
    if (used === null) return t("unknown");
    return limit === null ? say(used) : t("of", { used: say(used), limit: say(limit) });
  };
  const share = (used: number | null, limit: number | null) =>
    used === null || !limit ? null : used / limit;
  const sayCpu = ({ cpuSeconds, cpuShare }: Gauges) => {
    if (cpuSeconds === null) return t("unknown");
    const used = formatDuration(format, cpuSeconds * 1000);
    if (cpuShare === null) return t("cpuSoFar", { used });
    return t("cpuNow", { share: format.number(cpuShare, { style: "percent" }), used });
  };
  const bytes = (value: number) => formatBytes(format, value);
  const count = (value: number) => format.number(value);
  return (
    <>
      <Gauge
        label={t("memory")}
        share={share(gauges.memoryBytes, gauges.memoryLimitBytes)}
        text={of(gauges.memoryBytes, gauges.memoryLimitBytes, bytes)}
      />
      <Gauge
        label={t("disk")}
        share={share(gauges.diskBytes, gauges.diskLimitBytes)}
        text={of(gauges.diskBytes, gauges.diskLimitBytes, bytes)}
      />
      <Gauge
        label={t("processes")}
        share={share(gauges.processes, gauges.processesLimit)}
        text={of(gauges.processes, gauges.processesLimit, count)}
      />
      <Gauge label={t("cpu")} share={gauges.cpuShare} text={sayCpu(gauges)} />
    </>
  );
}
