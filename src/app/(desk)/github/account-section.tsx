"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { GitHub } from "#api/schema/github.ts";
import { useDisconnect } from "#app/_data/use-github.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/github/github.module.css";
import { Section } from "#ui/page.tsx";
import { Sign } from "#ui/sign.tsx";

const SHAPES = { active: "done", suspended: "stopped", removed: "broken" } as const;

/** Who you are on GitHub, and where the App is installed. */
export function AccountSection({ github }: { github: GitHub }) {
  const t = useTranslations("github.account");
  return (
    <Section
      title={t("title")}
      actions={
        <a className={classes.small} href="/github/connect?to=authorise">
          {t("again")}
        </a>
      }
    >
      <p className={classes.means}>{t("who", { login: github.account ?? "" })}</p>
      {github.installations.length > 0 ? (
        <ul className={classes.offers}>
          {github.installations.map(({ id, account, status, manageUrl }) => (
            <li key={id} className={classes.row}>
              <span className={classes.name}>{account}</span>
              <span className={classes.state}>
                <Sign shape={SHAPES[status]} />
                {t(`status.${status}`)}
              </span>
              {status === "removed" ? null : (
                <a className={classes.small} href={manageUrl} target="_blank" rel="noreferrer">
                  {t("manage")}
                </a>
              )}
            </li>
          ))}
        </ul>
      ) : null}
      <p className={classes.means}>
        <a href="/github/connect">{t("another")}</a>
      </p>
      <Disconnect />
    </Section>
  );
}

function Disconnect() {
  const t = useTranslations("github.account");
  const [asking, setAsking] = useState(false);
  const disconnect = useDisconnect();
  if (!asking) {
    return (
      <Button variant="default" size="xs" mt="md" onClick={() => setAsking(true)}>
        {t("disconnect")}
      </Button>
    );
  }
  return (
    <div className={classes.ask}>
      <p className={classes.means}>{t("disconnectMeaning")}</p>
      {disconnect.error ? <ProblemState problem={disconnect.error} /> : null}
      <div className={classes.tools}>
        <Button size="xs" color="red" loading={disconnect.isPending} onClick={() => disconnect.mutate()}>
          {t("disconnectSure")}
        </Button>
        <Button size="xs" variant="default" onClick={() => setAsking(false)}>
          {t("keep")}
        </Button>
      </div>
    </div>
  );
}
