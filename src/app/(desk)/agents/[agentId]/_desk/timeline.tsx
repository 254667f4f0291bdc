"use client";

import { useTranslations } from "next-intl";
import type { Run } from "#api/schema/run.ts";
import { useRunView } from "#app/_data/live.tsx";
import { readStepKey } from "#app/_shell/step-words.ts";
import desk from "#app/(desk)/agents/[agentId]/_desk/desk.module.css";
import { standSideBySide } from "#app/(desk)/agents/[agentId]/_desk/side-by-side.ts";
import classes from "#app/(desk)/agents/[agentId]/_desk/timeline.module.css";
import { TimelineEnd } from "#app/(desk)/agents/[agentId]/_desk/timeline-end.tsx";
import { TimelineStep } from "#app/(desk)/agents/[agentId]/_desk/timeline-step.tsx";
import type { StepView } from "#runs/ui/run-view.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { ShapeRows } from "#ui/shapes.tsx";

/** The run told in lines. */
export function Timeline({ run }: { run: Run }) {
  const t = useTranslations("timeline");
  const view = useRunView(run.id);
  if (view.lastSeq === 0 && run.lastSeq > 0) {
    return (
      <div className={desk.pad}>
        <ShapeRows count={Math.min(6, Math.max(2, run.steps.length))} />
      </div>
    );
  }
  if (view.steps.length === 0) {
    return (
      <div className={desk.pad}>
        <EmptyState title={t("waitingTitle")}>{t("waiting")}</EmptyState>
      </div>
    );
  }
  return (
    <div className={classes.timeline} data-testid="timeline" data-seq={view.lastSeq}>
      <ol className={classes.lines}>
        {standSideBySide(view.steps).map((group, index, groups) => (
          <li key={group[0]?.key} className={classes.group} data-together={group.length > 1 || undefined}>
            {index > 0 && roundOf(group) > roundOf(groups[index - 1]) ? (
              <p className={classes.round}>{t("round", { number: roundOf(group) })}</p>
            ) : null}
            {group.length > 1 ? (
              <span className="visually-hidden">{t("together", { count: group.length })}</span>
            ) : null}
            {group.map((step) => (
              <TimelineStep key={step.key} step={step} />
            ))}
          </li>
        ))}
      </ol>
      <TimelineEnd run={run} view={view} />
    </div>
  );
}

function roundOf(group: StepView[] = []): number {
  return readStepKey(group[0]?.key ?? "").round;
}
