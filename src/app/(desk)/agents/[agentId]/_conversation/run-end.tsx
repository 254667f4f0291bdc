"use client";

import { Anchor, Button } from "@mantine/core";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Run } from "#api/schema/run.ts";
import { useVersions } from "#app/_data/use-runs.ts";
import { type EndStatus, SIGN_OF, stateOfStatus } from "#app/_shell/agent-state.ts";
import classes from "#app/(desk)/agents/[agentId]/_conversation/run-end.module.css";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";
import { workedTime } from "#runs/ui/worked-time.ts";
import { Duration } from "#ui/duration.tsx";
import { Money } from "#ui/money.tsx";
import { Sign } from "#ui/sign.tsx";

interface RunEndProps {
  run: Run;
  status: EndStatus;
  onRetry: (() => void) | undefined;
}

/** How a run ended, in one line. A failed one says what it means for the work and offers to try again. */
export function RunEnd({ run, status, onRetry }: RunEndProps) {
  const t = useTranslations("run");
  const { show } = useDesk();
  const pullRequest = usePullRequest(run);
  const word = stateOfStatus(status);
  const worked = workedTime(run.steps.map((step) => ({ ...step, endedAt: step.endedAt ?? run.endedAt })));
  return (
    <div className={classes.end} data-word={word}>
      <div className={classes.line}>
        <Sign shape={SIGN_OF[word]} />
        <span className={classes.word}>
          {run.versionNumber ? (
            <Link href={`/agents/${run.agentId}/versions`} className={classes.version}>
              {t("version", { number: run.versionNumber })}
            </Link>
          ) : (
            t(`ended.${status}`)
          )}
        </span>
        {pullRequest ? (
          <Anchor href={pullRequest.url} target="_blank" rel="noreferrer" inherit>
            {t("pullRequest", { number: pullRequest.number })}
          </Anchor>
        ) : null}
        {worked > 0 ? <Duration ms={worked} /> : null}
        <Money microUsd={run.costMicroUsd} />
        <Anchor
          component="button"
          type="button"
          inherit
          c="dimmed"
          onClick={() => show("timeline", { runId: run.id })}
        >
          {t("timeline")}
        </Anchor>
        {run.versionNumber ? (
          <Anchor
            component="button"
            type="button"
            inherit
            c="dimmed"
            onClick={() => show("changes", { runId: run.id })}
          >
            {t("changes")}
          </Anchor>
        ) : null}
      </div>
      {status === "failed" ? (
        <div className={classes.failure}>
          <p>{t("failedMeaning")}</p>
          {run.error?.code === "over_cap" ? (
            <>
              <Anchor component={Link} href="/usage" inherit>
                {t("toBudget")}
              </Anchor>
              <Anchor component={Link} href={`/agents/${run.agentId}/settings`} inherit>
                {t("toCeiling")}
              </Anchor>
            </>
          ) : null}
          {onRetry ? (
            <Button size="xs" variant="default" onClick={onRetry}>
              {t("retry")}
            </Button>
          ) : null}
        </div>
      ) : null}
      {status === "cancelled" && onRetry ? (
        <div className={classes.failure}>
          <p>{t("cancelledMeaning")}</p>
          <Button size="xs" variant="default" onClick={onRetry}>
            {t("retry")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** Where the run's version went. */
function usePullRequest(run: Run): { url: string; number: number } | null {
  const versions = useVersions(run.agentId, { enabled: run.versionNumber !== null });
  const version = versions.data?.find(({ number }) => number === run.versionNumber);
  const { pullRequest, pullRequestNumber } = version?.publishing ?? {};
  return pullRequest && pullRequestNumber ? { url: pullRequest, number: pullRequestNumber } : null;
}
