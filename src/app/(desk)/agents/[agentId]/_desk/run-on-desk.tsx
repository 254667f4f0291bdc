"use client";

import { NativeSelect } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Agent } from "#api/schema/agent.ts";
import type { Run } from "#api/schema/run.ts";
import { useRuns } from "#app/_data/use-runs.ts";
import { stateOfStatus } from "#app/_shell/agent-state.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import desk from "#app/(desk)/agents/[agentId]/_desk/desk.module.css";
import classes from "#app/(desk)/agents/[agentId]/_desk/run-on-desk.module.css";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { ShapeRows } from "#ui/shapes.tsx";

/** Which run the desk shows: the newest, until the person turns to an earlier one. */
export function RunOnDesk({ agent, children }: { agent: Agent; children: (run: Run) => ReactNode }) {
  const t = useTranslations("desk");
  const { runId } = useDesk();
  const runs = useRuns(agent.id);
  if (runs.isPending) {
    return (
      <div className={desk.pad}>
        <ShapeRows count={5} />
      </div>
    );
  }
  if (runs.isLoadingError) {
    return (
      <div className={desk.pad}>
        <ProblemState problem={runs.error} retry={() => void runs.refetch()} />
      </div>
    );
  }
  const run = runs.data.find(({ id }) => id === runId) ?? runs.data.find(hasBegun) ?? runs.data[0];
  if (!run) {
    return (
      <div className={desk.pad}>
        <EmptyState title={t("noRunTitle")}>{t("noRun")}</EmptyState>
      </div>
    );
  }
  return (
    <>
      {runs.data.length > 1 ? <RunPicker runs={runs.data} shown={run} /> : null}
      {children(run)}
    </>
  );
}

/** A run that waits behind another has nothing to show yet. */
function hasBegun(run: Run): boolean {
  return run.startedAt !== null;
}

function RunPicker({ runs, shown }: { runs: Run[]; shown: Run }) {
  const t = useTranslations("desk");
  const state = useTranslations("state");
  const format = useFormatter();
  const { tab, show } = useDesk();
  return (
    <div className={classes.picker}>
      <NativeSelect
        size="xs"
        aria-label={t("whichRun")}
        value={shown.id}
        onChange={(event) => show(tab, { runId: event.currentTarget.value })}
        data={runs.map((run) => ({
          value: run.id,
          label: [
            format.dateTime(new Date(run.createdAt), { dateStyle: "medium", timeStyle: "short" }),
            run.versionNumber
              ? t("version", { number: run.versionNumber })
              : state(stateOfStatus(run.status)),
          ].join(" · "),
        }))}
      />
    </div>
  );
}
