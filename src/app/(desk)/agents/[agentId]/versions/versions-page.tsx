"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useAgent } from "#app/_data/use-agents.ts";
import { useRestoreVersion, useRuns, useVersions } from "#app/_data/use-runs.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { RepairOffers } from "#app/(desk)/agents/[agentId]/versions/repair-offers.tsx";
import { VersionItem } from "#app/(desk)/agents/[agentId]/versions/version-item.tsx";
import classes from "#app/(desk)/agents/[agentId]/versions/versions.module.css";
import { EmptyState } from "#ui/empty-state.tsx";
import { Page, PageHeader } from "#ui/page.tsx";
import { ShapeRows } from "#ui/shapes.tsx";

/** What was approved, newest first: see it, go back to it. */
export function VersionsPage({ agentId }: { agentId: string }) {
  const t = useTranslations("versions");
  const { agent } = useAgent(agentId);
  const versions = useVersions(agentId);
  const runs = useRuns(agentId);
  const restore = useRestoreVersion(agentId);
  return (
    <Page>
      <PageHeader
        title={t("title")}
        lead={
          <Link href={`/agents/${agentId}`} className={classes.back}>
            {agent?.name ?? t("back")}
          </Link>
        }
      />
      {versions.isPending ? <ShapeRows count={3} /> : null}
      {versions.isLoadingError ? (
        <ProblemState problem={versions.error} retry={() => void versions.refetch()} />
      ) : null}
      {versions.data?.length === 0 ? <EmptyState title={t("noneTitle")}>{t("none")}</EmptyState> : null}
      <RepairOffers agentId={agentId} />
      <ol className={classes.list}>
        {versions.data?.map((version, index) => (
          <li key={version.number}>
            <VersionItem
              agentId={agentId}
              version={version}
              isNewest={index === 0}
              run={runs.data?.find(({ id }) => id === version.runId) ?? null}
              restore={restore}
            />
          </li>
        ))}
      </ol>
    </Page>
  );
}
