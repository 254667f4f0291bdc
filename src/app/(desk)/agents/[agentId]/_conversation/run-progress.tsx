"use client";

import { Anchor, Button } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { Agent } from "#api/schema/agent.ts";
import type { Run } from "#api/schema/run.ts";
import { stateOfRun } from "#app/_shell/agent-state.ts";
import { StateMark } from "#app/_shell/state-word.tsx";
import { PlanList } from "#app/(desk)/agents/[agentId]/_conversation/plan-list.tsx";
import classes from "#app/(desk)/agents/[agentId]/_conversation/run-progress.module.css";
import { AgentMessage } from "#app/(desk)/agents/[agentId]/_conversation/said.tsx";
import { spokenWords } from "#app/(desk)/agents/[agentId]/_conversation/spoken-words.ts";
import { PlanPicture } from "#app/(desk)/agents/[agentId]/_plan/plan-picture.tsx";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";
import type { RunView } from "#runs/ui/run-view.ts";
import { KeyTip } from "#ui/keys.tsx";
import { Money, MoneyRange } from "#ui/money.tsx";

interface RunProgressProps {
  agent: Agent;
  run: Run;
  view: RunView;
  onStop: () => void;
}

/** A run that is on: what it says, how far it is and what is next. */
export function RunProgress({ agent, run, view, onStop }: RunProgressProps) {
  const t = useTranslations("run");
  const { show } = useDesk();
  const status = view.status ?? run.status;
  const step = view.steps.filter(({ status }) => status === "running").at(-1) ?? null;
  const latest = agent.latestRun?.id === run.id ? agent.latestRun : null;
  const place = latest?.place ?? null;
  const waitsFor = status === "queued" ? (latest?.waitsFor ?? null) : null;
  const words = spokenWords(view);
  return (
    <section className={classes.progress} aria-label={t("progress")}>
      {words ? <AgentMessage text={words} growing /> : null}
      <PlanList entries={view.plan} />
      <PlanPicture entries={view.plan} />
      <div className={classes.line}>
        <StateMark state={stateOfRun({ status, place, step, startedAt: view.statusAt })} />
        <span className={classes.money}>
          <Cost run={run} view={view} />
        </span>
        <Anchor
          component="button"
          type="button"
          size="xs"
          c="dimmed"
          onClick={() => show("timeline", { runId: run.id })}
        >
          {t("timeline")}
        </Anchor>
        <KeyTip label={t("stop")} combo="Esc">
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconPlayerStop size={12} stroke={1.8} />}
            onClick={onStop}
          >
            {t("stop")}
          </Button>
        </KeyTip>
      </div>
      {waitsFor && waitsFor !== "agent" && waitsFor !== "runs" ? (
        <p className={classes.waits}>{t(`waitsFor.${waitsFor}`)}</p>
      ) : null}
    </section>
  );
}

/** What it cost so far, and what it is expected to cost in all. */
function Cost({ run, view }: { run: Run; view: RunView }) {
  const t = useTranslations("plan");
  const spent = Math.max(view.costMicroUsd, run.costMicroUsd);
  const quote = view.quote ?? run.quote;
  return (
    <>
      {spent > 0 ? <Money microUsd={spent} /> : null}
      {quote ? (
        <span>
          {" "}
          {t.rich("ofQuote", {
            range: () => <MoneyRange low={quote.lowMicroUsd} high={quote.highMicroUsd} />,
          })}
        </span>
      ) : null}
    </>
  );
}
