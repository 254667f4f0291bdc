"use client";

import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconHistory, IconSettings } from "@tabler/icons-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Agent } from "#api/schema/agent.ts";
import { useRunView } from "#app/_data/live.tsx";
import { isInFlight } from "#app/_shell/agent-state.ts";
import { StateMark } from "#app/_shell/state-word.tsx";
import { useAgentState } from "#app/_shell/use-agent-state.ts";
import classes from "#app/(desk)/agents/[agentId]/agent-head.module.css";
import { Money } from "#ui/money.tsx";

const icon = { size: 16, stroke: 1.6 };

export function AgentHead({ agent }: { agent: Agent }) {
  const t = useTranslations("agent");
  const state = useAgentState(agent);
  const run = agent.latestRun;
  const view = useRunView(run && isInFlight(run.status) ? run.id : null);
  // The run's own events know of a call before the sum over all runs does.
  const cost = agent.costMicroUsd + Math.max(0, view.costMicroUsd - (run?.costMicroUsd ?? 0));
  return (
    <header className={classes.head}>
      <h1 className={classes.name} title={agent.name}>
        {agent.name}
      </h1>
      <span className={classes.state} role="status" aria-label={t("state")}>
        <StateMark state={state} />
      </span>
      <span className={classes.cost} title={t("costSoFar")}>
        <Money microUsd={cost} />
      </span>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t("more")}>
            <IconDots {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component={Link}
            href={`/agents/${agent.id}/versions`}
            leftSection={<IconHistory {...icon} />}
          >
            {t("versions")}
          </Menu.Item>
          <Menu.Item
            component={Link}
            href={`/agents/${agent.id}/settings`}
            leftSection={<IconSettings {...icon} />}
          >
            {t("settings")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </header>
  );
}
