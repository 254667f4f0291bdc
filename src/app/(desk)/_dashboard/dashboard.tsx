"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useAgents } from "#app/_data/use-agents.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { AgentRow } from "#app/(desk)/_dashboard/agent-row.tsx";
import classes from "#app/(desk)/_dashboard/dashboard.module.css";
import { FirstAgent } from "#app/(desk)/_dashboard/first-agent.tsx";
import { GitHubCard } from "#app/(desk)/_dashboard/github-card.tsx";
import { LastVersions } from "#app/(desk)/_dashboard/last-versions.tsx";
import { SpendCard } from "#app/(desk)/_dashboard/spend-card.tsx";
import { WorkspaceCard } from "#app/(desk)/_dashboard/workspace-card.tsx";
import { Page, PageHeader, Section } from "#ui/page.tsx";
import { ShapeRows } from "#ui/shapes.tsx";

/** What waits for the person, what runs, what there is, and what it cost. */
export function Dashboard() {
  const t = useTranslations("dashboard");
  const agents = useAgents();
  const all = agents.data ?? [];
  const inStatus = (...statuses: string[]) =>
    all.filter(({ latestRun }) => statuses.includes(latestRun?.status ?? ""));
  const waiting = inStatus("awaiting_review");
  const running = inStatus("running", "queued");
  const others = all.filter((agent) => !waiting.includes(agent) && !running.includes(agent));

  if (agents.data?.length === 0) return <FirstAgent />;
  return (
    <Page wide>
      <PageHeader
        title={t("title")}
        lead={agents.data ? t("lead", { waiting: waiting.length, running: running.length }) : undefined}
        actions={
          <Button component={Link} href="/agents/new" leftSection={<IconPlus size={16} stroke={1.8} />}>
            {t("newAgent")}
          </Button>
        }
      />
      {agents.isLoadingError ? (
        <ProblemState problem={agents.error} retry={() => void agents.refetch()} />
      ) : null}
      <div className={classes.columns}>
        <div>
          {agents.isPending ? <ShapeRows count={5} /> : null}
          {waiting.length > 0 ? (
            <Section title={t("waiting")}>
              <ul className={classes.list}>
                {waiting.map((agent) => (
                  <AgentRow key={agent.id} agent={agent} />
                ))}
              </ul>
            </Section>
          ) : null}
          {running.length > 0 ? (
            <Section title={t("running")}>
              <ul className={classes.list}>
                {running.map((agent) => (
                  <AgentRow key={agent.id} agent={agent} />
                ))}
              </ul>
            </Section>
          ) : null}
          {others.length > 0 ? (
            <Section title={t("agents")}>
              <ul className={classes.list}>
                {others.map((agent) => (
                  <AgentRow key={agent.id} agent={agent} />
                ))}
              </ul>
            </Section>
          ) : null}
        </div>
        <aside className={classes.aside} aria-label={t("figures")}>
          <WorkspaceCard />
          <SpendCard agents={all} />
          <LastVersions agents={all} pending={agents.isPending} />
          <GitHubCard />
        </aside>
      </div>
    </Page>
  );
}
