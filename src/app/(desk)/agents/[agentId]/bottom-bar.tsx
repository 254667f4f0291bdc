"use client";

import { UnstyledButton } from "@mantine/core";
import { IconLayoutList, IconMessage, IconUsers } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useOpenSheet } from "#app/_shell/sheet.tsx";
import classes from "#app/(desk)/agents/[agentId]/bottom-bar.module.css";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";

const icon = { size: 20, stroke: 1.6, "aria-hidden": true };

/** On a small screen: the two pages of an agent, and the sheet of all agents. */
export function BottomBar() {
  const t = useTranslations("agent");
  const { page, setPage } = useDesk();
  const openSheet = useOpenSheet();
  return (
    <nav className={classes.bar} aria-label={t("pages")}>
      <UnstyledButton className={classes.item} onClick={openSheet} data-sheet>
        <IconUsers {...icon} />
        {t("agents")}
      </UnstyledButton>
      <UnstyledButton className={classes.item} aria-current={page === "talk"} onClick={() => setPage("talk")}>
        <IconMessage {...icon} />
        {t("talk")}
      </UnstyledButton>
      <UnstyledButton className={classes.item} aria-current={page === "desk"} onClick={() => setPage("desk")}>
        <IconLayoutList {...icon} />
        {t("desk")}
      </UnstyledButton>
    </nav>
  );
}
