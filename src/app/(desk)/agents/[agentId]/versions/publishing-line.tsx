"use client";

import { Anchor, Button } from "@mantine/core";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Version } from "#api/schema/version.ts";
import { useGitHub } from "#app/_data/use-github.ts";
import { usePublishVersion } from "#app/_data/use-runs.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/agents/[agentId]/versions/versions.module.css";
import { Sign, type SignShape } from "#ui/sign.tsx";

type State = Version["publishing"]["state"];

const SIGNS: Record<State, SignShape> = {
  none: "open",
  pending: "queued",
  publishing: "moving",
  published: "done",
  merged: "done",
  closed: "stopped",
  unchanged: "open",
  blocked: "broken",
  conflict: "asking",
  failed: "broken",
};

/** Where a version is on its way to the repository, and what can be done about it. */
export function PublishingLine({
  agentId,
  version,
  isNewest,
}: {
  agentId: string;
  version: Version;
  isNewest: boolean;
}) {
  const t = useTranslations("versions");
  const publish = usePublishVersion(agentId);
  const github = useGitHub();
  const { state, pullRequest, pullRequestNumber, changesUrl, branch, reason } = version.publishing;
  const stopped = state === "blocked" || state === "conflict" || state === "failed";
  const nowhere = state === "none" && github.data?.repository === null;
  const mayTry = isNewest && !nowhere && (stopped || state === "none");
  return (
    <div className={classes.publishing} data-state={state}>
      <div className={classes.facts}>
        <span className={classes.state}>
          <Sign shape={SIGNS[state]} /> {t(`state.${state}`)}
        </span>
        {pullRequest ? (
          <Anchor href={pullRequest} target="_blank" rel="noreferrer" inherit>
            {t("pullRequest", { number: pullRequestNumber ?? 0 })}
          </Anchor>
        ) : null}
        {changesUrl ? (
          <Anchor href={changesUrl} target="_blank" rel="noreferrer" inherit>
            {t("onGitHub")}
          </Anchor>
        ) : null}
        {branch && pullRequest ? <code>{branch}</code> : null}
        {mayTry ? (
          <Button
            size="xs"
            variant="default"
            loading={publish.isPending}
            onClick={() => publish.mutate(version.number)}
          >
            {t(stopped ? "publishAgain" : "publish")}
          </Button>
        ) : null}
        {isNewest && nowhere ? (
          <Anchor component={Link} href="/github" inherit>
            {t("connect")}
          </Anchor>
        ) : null}
      </div>
      {reason ? (
        <div className={classes.reason}>
          <p>{stopped ? t(`meaning.${state}`) : null}</p>
          {reason.places?.length ? (
            <ul>
              {reason.places.map((place) => (
                <li key={`${place.path}:${place.line}:${place.message}`}>
                  <code>
                    {place.path}
                    {place.line ? `:${place.line}` : ""}
                  </code>{" "}
                  {place.message}
                </li>
              ))}
            </ul>
          ) : (
            <p>{reason.message}</p>
          )}
        </div>
      ) : null}
      {publish.error ? <ProblemState problem={publish.error} /> : null}
    </div>
  );
}
