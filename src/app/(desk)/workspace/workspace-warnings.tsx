"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { Warning, Workspace } from "#api/schema/workspace.ts";
import { useAgents } from "#app/_data/use-agents.ts";
import classes from "#app/(desk)/workspace/workspace.module.css";
import { RelativeTime } from "#ui/relative-time.tsx";
import { Sign } from "#ui/sign.tsx";

/** What is wrong with it now, and what it waits for. */
export function WorkspaceWarnings({ workspace }: { workspace: Workspace }) {
  const t = useTranslations("workspace");
  const { queue, hostShort, warnings } = workspace;
  if (!queue && !hostShort && warnings.length === 0) return null;
  return (
    <ul className={classes.warnings} aria-label={t("warnings")}>
      {queue ? (
        <li>
          <Sign shape="queued" />
          <span>{t("queue", { place: queue.place })}</span>
        </li>
      ) : null}
      {hostShort ? (
        <li>
          <Sign shape="asking" />
          <span>{t(`hostShort.${hostShort}`)}</span>
        </li>
      ) : null}
      {warnings.map((warning) => (
        <li key={warning.kind === "out_of_memory" ? warning.at : warning.kind}>
          <Sign shape={isBad(warning) ? "broken" : "asking"} />
          <span>
            <WarningWords warning={warning} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function isBad(warning: Warning): boolean {
  return warning.kind === "out_of_memory" || (warning.kind === "disk_high" && warning.share >= 0.95);
}

function WarningWords({ warning }: { warning: Warning }) {
  const t = useTranslations("workspace.warning");
  const format = useFormatter();
  const agents = useAgents().data ?? [];
  const percent = (share: number) => format.number(share, { style: "percent", maximumFractionDigits: 0 });
  switch (warning.kind) {
    case "disk_full_soon": {
      const hours = Math.max(1, Math.round((Date.parse(warning.fullAt) - Date.now()) / 3_600_000));
      return t("disk_full_soon", { hours });
    }
    case "out_of_memory": {
      const agent = agents.find(({ id }) => id === warning.agentId)?.name;
      const { command } = warning;
      return (
        <>
          {command === null
            ? t("out_of_memory_unknown")
            : t.rich(agent ? "out_of_memory_of" : "out_of_memory", {
                command,
                agent: agent ?? "",
                code: (chunks) => <code>{chunks}</code>,
              })}{" "}
          <span className={classes.when}>
            <RelativeTime at={warning.at} />
          </span>
        </>
      );
    }
    default:
      return t(warning.kind, { share: percent(warning.share) });
  }
}
