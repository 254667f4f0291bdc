"use client";

import { Anchor } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { Outgoing } from "#app/_data/outbox.ts";
import classes from "#app/(desk)/agents/[agentId]/_conversation/said.module.css";
import { Sign } from "#ui/sign.tsx";

interface OutgoingMessageProps {
  item: Outgoing;
  onAgain: () => void;
  onTakeBack: () => void;
}

/** A message that the server has not acknowledged yet. */
export function OutgoingMessage({ item, onAgain, onTakeBack }: OutgoingMessageProps) {
  const t = useTranslations("conversation");
  return (
    <article className={classes.user} aria-label={t("you")}>
      <div className={classes.bubble} data-pending>
        {item.text}
      </div>
      <div className={classes.under} role="status">
        {item.state === "sending" ? t("sending") : null}
        {item.state === "waiting" ? (
          <span className={classes.outgoing}>
            <Sign shape="queued" size={12} />
            {t("sentLater")}
          </span>
        ) : null}
        {item.state === "refused" ? (
          <span className={classes.outgoing}>
            <span className={classes.refused}>
              <Sign shape="broken" size={12} /> {t("notSent")}
            </span>
            <span lang="en">{item.detail}</span>
            <Anchor component="button" type="button" inherit onClick={onAgain}>
              {t("sendAgain")}
            </Anchor>
            <Anchor component="button" type="button" inherit onClick={onTakeBack}>
              {t("takeBack")}
            </Anchor>
          </span>
        ) : null}
      </div>
    </article>
  );
}
