"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useMe } from "#app/_data/use-account.ts";
import classes from "#app/(desk)/github/github.module.css";
import { EmptyState } from "#ui/empty-state.tsx";

/** What is missing, said plainly: the rest of the product does not wait for it. */
export function NotSetUp({ missing }: { missing: string[] }) {
  const t = useTranslations("github.notSetUp");
  const me = useMe().data;
  const isOperator = me?.role === "operator";
  return (
    <EmptyState
      title={t("title")}
      // A page of its own: only that page's rules let a form go to GitHub, and they come with a full load.
      actions={
        isOperator ? (
          <Button component="a" href="/github/setup">
            {t("setUp")}
          </Button>
        ) : null
      }
    >
      <div className={classes.intro}>
        <p>{t("text")}</p>
        <p>{isOperator ? t("operator") : t("member")}</p>
      </div>
      <ul className={classes.variables}>
        {missing.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}
