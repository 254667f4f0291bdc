"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useAgents } from "#app/_data/use-agents.ts";
import classes from "#app/_shell/top-bar.module.css";
import { Sign } from "#ui/sign.tsx";

/** How many agents need their person; nothing when none does. */
export function WaitingBadge() {
  const t = useTranslations("shell");
  const waiting = useAgents().data?.filter(({ latestRun }) => latestRun?.status === "awaiting_review") ?? [];
  if (waiting.length === 0) return null;
  const only = waiting.length === 1 ? waiting[0] : null;
  return (
    <Link href={only ? `/agents/${only.id}` : "/"} className={classes.waiting}>
      <Sign shape="asking" size={12} />
      {t("needYou", { count: waiting.length })}
    </Link>
  );
}
