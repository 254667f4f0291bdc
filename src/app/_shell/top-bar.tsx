"use client";

import { ActionIcon } from "@mantine/core";
import { IconMenu2 } from "@tabler/icons-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Mark } from "#app/_shell/mark.tsx";
import { useOpenSheet } from "#app/_shell/sheet.tsx";
import classes from "#app/_shell/top-bar.module.css";
import { WaitingBadge } from "#app/_shell/waiting-badge.tsx";

/** On small screens only: where one is, and the way to everything else. */
export function TopBar() {
  const t = useTranslations("shell");
  const open = useOpenSheet();
  return (
    <div className={classes.bar}>
      <Link href="/" className={classes.brand}>
        <Mark size={20} />
        <span>Carrel</span>
      </Link>
      <WaitingBadge />
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("openMenu")} onClick={open}>
        <IconMenu2 size={20} stroke={1.6} />
      </ActionIcon>
    </div>
  );
}
