"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { putInOutbox } from "#app/_data/outbox.ts";
import { useMakeAgent } from "#app/_data/use-agents.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { Requests } from "#app/_shell/requests.tsx";
import classes from "#app/(desk)/_dashboard/first-agent.module.css";
import { NewAgentField } from "#app/(desk)/agents/_form/new-agent-field.tsx";
import { Page } from "#ui/page.tsx";

/** The first page of a new person: what this is, and requests to click on. */
export function FirstAgent() {
  const t = useTranslations("first");
  const router = useRouter();
  const { make, error } = useMakeAgent();
  const begin = (text: string, name: string) =>
    make({
      given: { name },
      whenMade: (agent) => {
        putInOutbox(agent.id, text);
        router.push(`/agents/${agent.id}`);
      },
    });
  return (
    <Page>
      <div className={classes.first}>
        <h1 className={classes.title}>{t("title")}</h1>
        <p className={classes.lead}>{t("lead")}</p>
        <h2 className={classes.heading}>{t("pick")}</h2>
        <Requests onPick={begin} />
        {error ? <ProblemState problem={error} /> : null}
        <h2 className={classes.heading}>{t("own")}</h2>
        <NewAgentField />
      </div>
    </Page>
  );
}
