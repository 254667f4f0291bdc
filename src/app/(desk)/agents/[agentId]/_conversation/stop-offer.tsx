"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import classes from "#app/(desk)/agents/[agentId]/_conversation/stop-offer.module.css";

/** Asks before a run is stopped, where the eye is; what was written so far stays. */
export function StopOffer({ onStop, onKeep }: { onStop: () => void; onKeep: () => void }) {
  const t = useTranslations("stop");
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <div
      className={classes.offer}
      role="alertdialog"
      aria-label={t("question")}
      onKeyDown={(event) => {
        if (event.key === "Escape") onKeep();
        event.stopPropagation();
      }}
    >
      <span>
        {t("question")} <span className={classes.meaning}>{t("meaning")}</span>
      </span>
      <span className={classes.answers}>
        <Button size="xs" variant="default" onClick={onKeep} ref={keep}>
          {t("keep")}
        </Button>
        <Button size="xs" color="red" onClick={onStop}>
          {t("stop")}
        </Button>
      </span>
    </div>
  );
}
