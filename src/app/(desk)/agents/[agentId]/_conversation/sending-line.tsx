"use client";

import { Button, Progress } from "@mantine/core";
import { useTranslations } from "next-intl";
import { MOST_MEGABYTES, type Sending } from "#app/_data/use-upload.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/agents/[agentId]/_conversation/import-offer.module.css";
import { Sign } from "#ui/sign.tsx";

/** A file on its way: how far it is, or why it did not come. */
export function SendingLine({ sending }: { sending: Sending }) {
  const t = useTranslations("codeImport");
  const { file, state, share, problem } = sending;
  if (state === "failed") {
    return (
      <div className={classes.wide}>
        <ProblemState problem={problem} />
        <Button size="xs" variant="default" mt={8} onClick={sending.again}>
          {t("sendAgain")}
        </Button>
      </div>
    );
  }
  const words =
    state === "too_large"
      ? t("tooLarge", { name: file.name, most: MOST_MEGABYTES })
      : t("sending", { name: file.name, share });
  return (
    <div className={classes.wide}>
      <p className={classes.line} role={state === "too_large" ? "alert" : undefined}>
        <Sign shape={state === "too_large" ? "broken" : "moving"} />
        <span className={classes.words}>{words}</span>
      </p>
      {state === "sending" ? (
        <div className={classes.bar}>
          <Progress value={share * 100} aria-label={words} className={classes.progress} />
          <Button size="compact-xs" variant="default" onClick={sending.stop}>
            {t("stop")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
