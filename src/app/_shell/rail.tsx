"use client";

import { ActionIcon, ScrollArea } from "@mantine/core";
import { IconLayoutDashboard, IconPlus, IconSearch } from "@tabler/icons-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useAgents } from "#app/_data/use-agents.ts";
import { AgentTab } from "#app/_shell/agent-tab.tsx";
import { Mark } from "#app/_shell/mark.tsx";
import { openPalette } from "#app/_shell/palette.tsx";
import classes from "#app/_shell/rail.module.css";
import { RailFoot } from "#app/_shell/rail-foot.tsx";
import { KeyTip } from "#ui/keys.tsx";
import { ShapeRows } from "#ui/shapes.tsx";

export function Rail() {
  const t = useTranslations("shell");
  const path = usePathname();
  const agents = useAgents();
  return (
    <div className={classes.rail}>
      <div className={classes.head}>
        <Link href="/" className={classes.brand}>
          <Mark />
          <span>Carrel</span>
        </Link>
        <KeyTip label={t("search")} combo="mod+K">
          <ActionIcon variant="subtle" color="gray" aria-label={t("search")} onClick={openPalette}>
            <IconSearch size={16} stroke={1.7} />
          </ActionIcon>
        </KeyTip>
      </div>
      <nav aria-label={t("places")} className={classes.places}>
        <Link href="/" className={classes.place} aria-current={path === "/" ? "page" : undefined}>
          <IconLayoutDashboard size={16} stroke={1.6} aria-hidden="true" />
          {t("dashboard")}
        </Link>
      </nav>
      <div className={classes.agentsHead}>
        <h2 className={classes.heading} id="rail-agents">
          {t("agents")}
        </h2>
        <KeyTip label={t("newAgent")}>
          <ActionIcon
            component={Link}
            href="/agents/new"
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t("newAgent")}
          >
            <IconPlus size={16} stroke={1.7} />
          </ActionIcon>
        </KeyTip>
      </div>
      <ScrollArea className={classes.agents} type="hover" scrollbarSize={6}>
        {agents.isPending ? (
          <div className={classes.shapes}>
            <ShapeRows count={3} />
          </div>
        ) : null}
        <nav aria-labelledby="rail-agents">
          <ul className={classes.list}>
            {agents.data?.map((agent, index) => (
              <li key={agent.id}>
                <AgentTab agent={agent} place={index + 1} current={path.startsWith(`/agents/${agent.id}`)} />
              </li>
            ))}
          </ul>
        </nav>
        {agents.data?.length === 0 ? <p className={classes.none}>{t("noAgents")}</p> : null}
      </ScrollArea>
      <RailFoot />
    </div>
  );
}
