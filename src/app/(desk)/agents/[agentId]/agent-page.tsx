"use client";

import { Splitter } from "@mantine/core";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import type { Agent } from "#api/schema/agent.ts";
import { useAgent } from "#app/_data/use-agents.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { Conversation } from "#app/(desk)/agents/[agentId]/_conversation/conversation.tsx";
import { Desk } from "#app/(desk)/agents/[agentId]/_desk/desk.tsx";
import { AgentHead } from "#app/(desk)/agents/[agentId]/agent-head.tsx";
import classes from "#app/(desk)/agents/[agentId]/agent-page.module.css";
import { AgentShape } from "#app/(desk)/agents/[agentId]/agent-shape.tsx";
import { BottomBar } from "#app/(desk)/agents/[agentId]/bottom-bar.tsx";
import { DeskProvider, useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";
import { TabState } from "#app/(desk)/agents/[agentId]/tab-state.tsx";
import { EmptyState } from "#ui/empty-state.tsx";

/** From this width on the conversation and the desk stand side by side. */
const SIDE_BY_SIDE = "(min-width: 68em)";

export function AgentPage({ agentId }: { agentId: string }) {
  const t = useTranslations("agent");
  const { agent, isPending, isLoadingError, error, refetch } = useAgent(agentId);
  if (isPending) return <AgentShape />;
  if (isLoadingError) {
    return (
      <div className={classes.alone}>
        <ProblemState problem={error} retry={() => void refetch()} />
      </div>
    );
  }
  if (!agent) {
    return (
      <div className={classes.alone}>
        <EmptyState title={t("goneTitle")}>{t("gone")}</EmptyState>
      </div>
    );
  }
  return (
    <DeskProvider>
      <TabState agent={agent} />
      <Places agent={agent} />
    </DeskProvider>
  );
}

function Places({ agent }: { agent: Agent }) {
  const wide = useMediaQuery(SIDE_BY_SIDE, true, { getInitialValueInEffect: false });
  const { page } = useDesk();
  const talk = (
    <div className={classes.talk}>
      <AgentHead agent={agent} />
      <Conversation agent={agent} />
    </div>
  );
  if (wide) return <SideBySide talk={talk} desk={<Desk agent={agent} />} />;
  return (
    <div className={classes.narrow}>
      <div className={classes.page}>{page === "talk" ? talk : <Desk agent={agent} />}</div>
      <BottomBar />
    </div>
  );
}

function SideBySide({ talk, desk }: { talk: React.ReactNode; desk: React.ReactNode }) {
  const t = useTranslations("agent");
  const [width, setWidth] = useLocalStorage({
    key: "carrel.desk.width",
    defaultValue: 520,
    getInitialValueInEffect: false,
  });
  return (
    <Splitter
      className={classes.wide}
      lineSize={1}
      handleColor="var(--hairline)"
      withHandle={false}
      sizes={[100, `${width}px`]}
      onSizeChange={(sizes) => setWidth(Math.round(Number.parseFloat(String(sizes[1]))))}
      step="16px"
      aria-label={t("resize")}
    >
      <Splitter.Pane defaultSize={100} min="360px">
        {talk}
      </Splitter.Pane>
      <Splitter.Pane defaultSize="520px" min="340px" max="900px">
        {desk}
      </Splitter.Pane>
    </Splitter>
  );
}
