"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useChangeEnvironment, useEnvironment } from "#app/_data/use-environment.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/agents/_form/environment.module.css";
import { EnvironmentForm } from "#app/(desk)/agents/_form/environment-form.tsx";
import { Section } from "#ui/page.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { ShapeRows } from "#ui/shapes.tsx";

/** The agent's private variables: their names, and a way to set them. Nothing shows a value again. */
export function Environment({ agentId }: { agentId: string }) {
  const t = useTranslations("environment");
  const environment = useEnvironment(agentId);
  const remove = useChangeEnvironment(agentId);
  const [replacing, setReplacing] = useState<string | null>(null);
  const { data: variables = [] } = environment;
  return (
    <Section title={t("title")}>
      <div className={classes.environment}>
        <p className={classes.lead}>{t("lead")}</p>
        {environment.isPending ? <ShapeRows count={2} /> : null}
        {environment.isLoadingError ? (
          <ProblemState problem={environment.error} retry={() => void environment.refetch()} />
        ) : null}
        {variables.length > 0 ? (
          <ul className={classes.list}>
            {variables.map(({ name, masked, updatedAt }) => (
              <li key={name} className={classes.variable}>
                <code className={classes.name}>{name}</code>
                <span className={classes.facts}>
                  <span>{t.rich("set", { when: () => <RelativeTime at={updatedAt} /> })}</span>
                  {masked ? null : <span>{t("short")}</span>}
                </span>
                <span className={classes.actions}>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={t("replaceNamed", { name })}
                    onClick={() => setReplacing(name)}
                  >
                    {t("replace")}
                  </Button>
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={remove.isPending}
                    aria-label={t("removeNamed", { name })}
                    onClick={() => remove.mutate({ [name]: null })}
                  >
                    {t("remove")}
                  </Button>
                </span>
              </li>
            ))}
          </ul>
        ) : null}
        {remove.error ? <ProblemState problem={remove.error} /> : null}
        <EnvironmentForm
          key={replacing ?? ""}
          agentId={agentId}
          replacing={replacing}
          onDone={() => setReplacing(null)}
        />
      </div>
    </Section>
  );
}
