"use client";

import { Button } from "@mantine/core";
import { IconBrandGithub } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import classes from "#app/(desk)/github/github.module.css";
import { EmptyState } from "#ui/empty-state.tsx";

/** Three steps, said before the first click. */
export function ConnectFirst() {
  const t = useTranslations("github.connect");
  return (
    <EmptyState
      title={t("title")}
      actions={
        <>
          <Button
            component="a"
            href="/github/connect"
            leftSection={<IconBrandGithub size={16} stroke={1.8} />}
          >
            {t("install")}
          </Button>
          <Button component="a" href="/github/connect?to=authorise" variant="default">
            {t("installed")}
          </Button>
        </>
      }
    >
      <div className={classes.intro}>
        <p>{t("text")}</p>
        <ol className={classes.steps}>
          <li>{t("stepInstall")}</li>
          <li>{t("stepChoose")}</li>
          <li>{t("stepPublish")}</li>
        </ol>
        <p>{t("rights")}</p>
      </div>
    </EmptyState>
  );
}
