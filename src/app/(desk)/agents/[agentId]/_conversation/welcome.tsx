"use client";

import { useTranslations } from "next-intl";
import { Requests } from "#app/_shell/requests.tsx";
import { ImportOffer } from "#app/(desk)/agents/[agentId]/_conversation/import-offer.tsx";
import classes from "#app/(desk)/agents/[agentId]/_conversation/welcome.module.css";

/** An agent that was asked nothing yet: what it does, and requests to click on. */
export function Welcome({ agentId, onPick }: { agentId: string; onPick: (text: string) => void }) {
  const t = useTranslations("welcome");
  return (
    <div className={classes.welcome}>
      <h2 className={classes.title}>{t("title")}</h2>
      <p className={classes.text}>{t("text")}</p>
      <Requests onPick={onPick} />
      <ImportOffer agentId={agentId} />
    </div>
  );
}
