"use client";

import { useTranslations } from "next-intl";
import classes from "#app/(desk)/agents/[agentId]/_conversation/plan-list.module.css";
import type { PlanEntry } from "#events/vocabulary.ts";
import { Sign, type SignShape } from "#ui/sign.tsx";

const SHAPES: Record<PlanEntry["status"], SignShape> = {
  pending: "open",
  in_progress: "moving",
  completed: "done",
};

interface PlanListProps {
  entries: PlanEntry[];
  /** all that is said of each file, for who has to decide on it */
  whole?: boolean;
}

/** The plan, line by line: how far it is and what is next. */
export function PlanList({ entries, whole = false }: PlanListProps) {
  const t = useTranslations("run");
  if (entries.length === 0) return null;
  const done = entries.filter(({ status }) => status === "completed").length;
  return (
    <div className={classes.plan} data-whole={whole || undefined}>
      <div className={classes.head}>
        <span>{t("plan")}</span>
        <span className={classes.count}>{t("planDone", { done, all: entries.length })}</span>
      </div>
      <ol className={classes.list}>
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a plan's lines keep their order and may say the same
          <li key={index} className={classes.entry} data-status={entry.status}>
            <Sign shape={SHAPES[entry.status]} label={t(`planStatus.${entry.status}`)} />
            {entry.path ? <code className={classes.path}>{entry.path}</code> : null}
            <span className={classes.what}>{entry.path === entry.content ? null : entry.content}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
