"use client";

import { Tabs } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { Agent } from "#api/schema/agent.ts";
import { Changes } from "#app/(desk)/agents/[agentId]/_desk/changes.tsx";
import classes from "#app/(desk)/agents/[agentId]/_desk/desk.module.css";
import { Files } from "#app/(desk)/agents/[agentId]/_desk/files.tsx";
import { RunOnDesk } from "#app/(desk)/agents/[agentId]/_desk/run-on-desk.tsx";
import { Timeline } from "#app/(desk)/agents/[agentId]/_desk/timeline.tsx";
import { DESK_TABS, type DeskTab, useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";

/** What lies beside the conversation: the run's timeline, the files, the changes. */
export function Desk({ agent }: { agent: Agent }) {
  const t = useTranslations("desk");
  const { tab, show } = useDesk();
  return (
    <Tabs
      value={tab}
      onChange={(to) => show((to ?? "timeline") as DeskTab)}
      keepMounted={false}
      classNames={{ root: classes.desk, list: classes.tabs, tab: classes.tab, panel: classes.panel }}
    >
      <Tabs.List aria-label={t("title")}>
        {DESK_TABS.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {t(name)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="timeline">
        <RunOnDesk agent={agent}>{(run) => <Timeline run={run} />}</RunOnDesk>
      </Tabs.Panel>
      <Tabs.Panel value="files">
        <Files agent={agent} />
      </Tabs.Panel>
      <Tabs.Panel value="changes">
        <RunOnDesk agent={agent}>{(run) => <Changes run={run} />}</RunOnDesk>
      </Tabs.Panel>
    </Tabs>
  );
}
