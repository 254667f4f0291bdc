"use client";

import { Button, CopyButton } from "@mantine/core";
import { useTranslations } from "next-intl";
import classes from "#app/(desk)/settings/settings.module.css";

/** The token itself, once. */
export function TokenOnce({ token }: { token: string }) {
  const t = useTranslations("tokens");
  return (
    <div className={classes.once} role="status">
      <p>{t("once")}</p>
      <div className={classes.secret}>
        <code>{token}</code>
        <CopyButton value={token}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {t(copied ? "copied" : "copy")}
            </Button>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
