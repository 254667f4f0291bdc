"use client";

import { Button, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useWipeWorkspace } from "#app/_data/use-workspace.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/workspace/workspace.module.css";
import { Section } from "#ui/page.tsx";

/** Removes all that is in it. The word has to be typed: this is no slip of the hand. */
export function WorkspaceWipe() {
  const t = useTranslations("workspace.wipe");
  const wipe = useWipeWorkspace();
  const [typed, setTyped] = useState("");
  const word = t("word");
  const sure = typed.trim().toLocaleLowerCase() === word.toLocaleLowerCase();
  return (
    <Section title={t("title")}>
      <form
        className={classes.wipe}
        onSubmit={(event) => {
          event.preventDefault();
          if (sure) wipe.mutate(undefined, { onSuccess: () => setTyped("") });
        }}
      >
        <p>{t("meaning")}</p>
        <div className={classes.wipeLine}>
          <TextInput
            label={t("type", { word })}
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" color="red" variant="outline" loading={wipe.isPending} disabled={!sure}>
            {t("do")}
          </Button>
        </div>
        <span role="status">{wipe.isSuccess ? t("done") : null}</span>
        {wipe.error ? <ProblemState problem={wipe.error} /> : null}
      </form>
    </Section>
  );
}
