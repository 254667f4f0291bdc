"use client";

import { useTranslations } from "next-intl";
import { useGitHub } from "#app/_data/use-github.ts";
import { Card } from "#app/(desk)/_dashboard/card.tsx";
import classes from "#app/(desk)/_dashboard/dashboard.module.css";

/** Where versions go, or that they could go somewhere. Nothing, where the installation has no GitHub. */
export function GitHubCard() {
  const t = useTranslations("dashboard.github");
  const github = useGitHub().data;
  if (!github?.configured) return null;
  const { repository } = github;
  return (
    <Card title={t("title")} link={{ href: "/github", label: repository ? t("manage") : t("connect") }}>
      {repository ? (
        <p className={classes.quiet}>
          <a href={repository.url} target="_blank" rel="noreferrer">
            {repository.owner}/{repository.name}
          </a>
        </p>
      ) : (
        <p className={classes.quiet}>{t("none")}</p>
      )}
      {repository && repository.state !== "active" ? <p className={classes.quiet}>{t("blocked")}</p> : null}
    </Card>
  );
}
