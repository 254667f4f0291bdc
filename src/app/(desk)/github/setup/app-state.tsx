"use client";

import { useTranslations } from "next-intl";
import type { GitHubApp } from "#api/schema/github.ts";
import classes from "#app/(desk)/github/github.module.css";
import { RelativeTime } from "#ui/relative-time.tsx";
import { Sign } from "#ui/sign.tsx";

/** Which App there is and where it comes from; what of it is missing. */
export function AppState({ state }: { state: GitHubApp }) {
  const t = useTranslations("github.setup");
  const { app, source, missing } = state;
  if (source === null) return state.reachable ? null : <p className={classes.means}>{t("unreachable")}</p>;
  const isWhole = missing.length === 0;
  return (
    <div className={classes.chosen}>
      <div className={classes.row}>
        <span className={classes.name}>
          {app ? (
            <a href={app.settingsUrl} target="_blank" rel="noreferrer">
              {app.name}
            </a>
          ) : (
            t("fromEnvironment")
          )}
        </span>
        <span className={classes.facts}>
          {app ? (
            <>
              <span>{app.owner}</span>
              <span>{t.rich("madeAt", { when: () => <RelativeTime at={app.createdAt} /> })}</span>
            </>
          ) : null}
        </span>
        <span className={classes.state}>
          <Sign shape={isWhole ? "done" : "broken"} />
          {isWhole ? t("ready") : t("halves")}
        </span>
      </div>
      <p className={classes.means}>{app ? t("sealed") : t("precedence")}</p>
      {isWhole ? null : (
        <p className={classes.means}>
          {t("missing")} <code className={classes.code}>{missing.join(", ")}</code>
        </p>
      )}
      {state.reachable ? null : <p className={classes.means}>{t("unreachable")}</p>}
    </div>
  );
}
