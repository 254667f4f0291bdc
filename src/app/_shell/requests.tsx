"use client";

import { UnstyledButton } from "@mantine/core";
import { useTranslations } from "next-intl";
import classes from "#app/_shell/requests.module.css";

const REQUESTS = ["tool", "library", "report", "service"] as const;

/** Requests to click on, each with what will happen. */
export function Requests({ onPick }: { onPick: (text: string, name: string) => void }) {
  const t = useTranslations("requests");
  return (
    <ul className={classes.list}>
      {REQUESTS.map((request) => (
        <li key={request}>
          <UnstyledButton
            className={classes.request}
            onClick={() => onPick(t(`${request}.text`), t(`${request}.name`))}
          >
            <span className={classes.text}>{t(`${request}.text`)}</span>
            <span className={classes.happens}>{t(`${request}.happens`)}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
