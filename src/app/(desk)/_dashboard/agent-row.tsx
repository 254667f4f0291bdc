"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Agent } from "#api/schema/agent.ts";
import { SIGN_OF } from "#app/_shell/agent-state.ts";
import { StateWord } from "#app/_shell/state-word.tsx";
import { useAgentState } from "#app/_shell/use-agent-state.ts";
import classes from "#app/(desk)/_dashboard/dashboard.module.css";
import { Money } from "#ui/money.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { Sign } from "#ui/sign.tsx";

export function AgentRow({ agent }: { agent: Agent }) {
  const t = useTranslations("dashboard");
  const state = useAgentState(agent);
  const run = agent.latestRun;
  return (
    <li>
      <Link href={`/agents/${agent.id}`} className={classes.row} data-word={state.word}>
        <Sign shape={SIGN_OF[state.word]} />
        <span className={classes.name}>{agent.name}</span>
        <span className={classes.cost}>
          {agent.costMicroUsd > 0 ? <Money microUsd={agent.costMicroUsd} /> : null}
        </span>
        <span className={classes.under}>
          <span className={classes.state}>
            <StateWord state={state} />
          </span>
          {run?.reviewKind ? <span>{t(`asks.${run.reviewKind}`)}</span> : null}
          {run?.versionNumber ? <span>{t("version", { number: run.versionNumber })}</span> : null}
          <RelativeTime at={run ? (run.endedAt ?? run.startedAt ?? run.createdAt) : agent.createdAt} />
        </span>
      </Link>
    </li>
  );
}
