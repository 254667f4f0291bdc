"use client";

import { useTranslations } from "next-intl";
import type { GitHub } from "#api/schema/github.ts";
import classes from "#app/(desk)/github/github.module.css";
import { Sign } from "#ui/sign.tsx";

/** Where versions go, and what stands in the way. */
export function ChosenRepository({
  repository,
  installation,
}: {
  repository: NonNullable<GitHub["repository"]>;
  installation: GitHub["installation"];
}) {
  const t = useTranslations("github.repository");
  const { owner, name, state } = repository;
  const isOpen = state === "active";
  return (
    <div className={classes.chosen}>
      <div className={classes.row}>
        <span className={classes.name}>
          {state === "deleted" ? (
            `${owner}/${name}`
          ) : (
            <a href={repository.url} target="_blank" rel="noreferrer">
              {owner}/{name}
            </a>
          )}
        </span>
        <span className={classes.facts}>
          <span>{repository.private ? t("private") : t("public")}</span>
          <span>{t("branch", { branch: repository.defaultBranch })}</span>
        </span>
        <span className={classes.state}>
          <Sign shape={isOpen ? "done" : "broken"} />
          {t(`state.${state}`)}
        </span>
      </div>
      <p className={classes.means}>{t(`means.${state}`)}</p>
      {!isOpen && installation && state !== "removed" && state !== "deleted" ? (
        <p className={classes.means}>
          <a href={installation.manageUrl} target="_blank" rel="noreferrer">
            {t("manage")}
          </a>
        </p>
      ) : null}
      {state === "removed" ? (
        <p className={classes.means}>
          <a href="/github/connect">{t("installAgain")}</a>
        </p>
      ) : null}
    </div>
  );
}
