"use client";

import { Anchor, Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useAnswerRepair, useRepairs } from "#app/_data/use-runs.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/agents/[agentId]/versions/versions.module.css";
import { RelativeTime } from "#ui/relative-time.tsx";
import { Sign } from "#ui/sign.tsx";

/** What reviewers, checks and conflicts ask for: each can become the agent's next run. */
export function RepairOffers({ agentId }: { agentId: string }) {
  const t = useTranslations("repairs");
  const repairs = useRepairs(agentId);
  const answer = useAnswerRepair(agentId);
  if (!repairs.data?.length) return null;
  return (
    <ul className={classes.list} aria-label={t("title")}>
      {repairs.data.map(({ id, kind, author, text, url, trusted, pullRequestNumber, createdAt }) => (
        <li key={id} className={classes.version}>
          <div className={classes.head}>
            <Sign shape="asking" />
            <h2 className={classes.name}>{t(`kind.${kind}`, { author: author ?? t("somebody") })}</h2>
            <span className={classes.facts}>
              <RelativeTime at={createdAt} />
              {url ? (
                <Anchor href={url} target="_blank" rel="noreferrer" inherit>
                  {pullRequestNumber ? t("where", { number: pullRequestNumber }) : "GitHub"}
                </Anchor>
              ) : null}
              {trusted ? null : <span>{t("stranger")}</span>}
            </span>
            <span className={classes.actions}>
              <Button
                size="xs"
                variant="default"
                disabled={answer.isPending}
                onClick={() => answer.mutate({ id, begin: false })}
              >
                {t("dismiss")}
              </Button>
              <Button
                size="xs"
                loading={answer.isPending && answer.variables.id === id}
                onClick={() => answer.mutate({ id, begin: true })}
              >
                {t("begin")}
              </Button>
            </span>
          </div>
          <blockquote className={classes.quote}>{text}</blockquote>
        </li>
      ))}
      {answer.error ? <ProblemState problem={answer.error} /> : null}
    </ul>
  );
}
