"use client";

import { useTranslations } from "next-intl";
import { useImport } from "#app/_data/use-import.ts";
import { useUpload } from "#app/_data/use-upload.ts";
import { Requests } from "#app/_shell/requests.tsx";
import { ImportOffer } from "#app/(desk)/agents/[agentId]/_conversation/import-offer.tsx";
import classes from "#app/(desk)/agents/[agentId]/_conversation/welcome.module.css";

/** An agent that was asked nothing yet: what it does, and requests to click on. */
export function Welcome({ agentId, onPick }: { agentId: string; onPick: (text: string) => void }) {
  const t = useTranslations("welcome");
  const code = useImport(agentId).data;
  const { sending } = useUpload(agentId);
  // Where there is code, or some is on its way, nobody wants a program from nothing.
  const hasCode = (code && code.state !== "failed") || sending?.state === "sending";
  return (
    <div className={classes.welcome}>
      <h2 className={classes.title}>{t("title")}</h2>
      <p className={classes.text}>{t("text")}</p>
      {hasCode ? null : <Requests onPick={onPick} />}
      <ImportOffer agentId={agentId} />
    </div>
  );
}
