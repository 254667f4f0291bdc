"use client";

import { Anchor } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "next-intl";
import { useConnectionState } from "#app/_data/live.tsx";
import classes from "#app/_shell/connection-line.module.css";

/** Says that the line is down, since when, and that nothing is lost. Dims nothing. */
export function ConnectionLine() {
  const t = useTranslations("connection");
  const format = useFormatter();
  const connection = useConnectionState();
  if (connection.state === "live") return null;
  return (
    <div className={classes.line} role="status" data-testid="connection-line">
      <IconPlugConnectedX size={16} stroke={1.6} aria-hidden="true" />
      {connection.state === "refused" ? (
        <span>
          {t("signedOut")} <Anchor href="/sign-in">{t("signIn")}</Anchor>
        </span>
      ) : (
        <span>{t("offline", { since: format.dateTime(connection.since, { timeStyle: "short" }) })}</span>
      )}
    </div>
  );
}
