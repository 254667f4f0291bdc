"use client";

import { useQueries } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Agent } from "#api/schema/agent.ts";
import type { VersionList } from "#api/schema/version.ts";
import { callApi } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";
import { Card } from "#app/(desk)/_dashboard/card.tsx";
import classes from "#app/(desk)/_dashboard/dashboard.module.css";
import { RelativeTime } from "#ui/relative-time.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

const SHOWN = 5;

/** The versions that were approved last, of all agents; `pending` while it is not known which agents there are. */
export function LastVersions({ agents, pending }: { agents: Agent[]; pending: boolean }) {
  const t = useTranslations("dashboard");
  const lists = useQueries({
    queries: agents
      .filter(({ latestRun }) => latestRun !== null)
      .map((agent) => ({
        queryKey: [...keys.versions(agent.id), "last"],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          callApi<VersionList>("GET", `/agents/${agent.id}/versions`, { query: { limit: SHOWN }, signal }),
        select: (list: VersionList) => list.versions.map((version) => ({ agent, version })),
      })),
  });
  const last = lists
    .flatMap(({ data }) => data ?? [])
    .sort((one, other) => other.version.createdAt.localeCompare(one.version.createdAt))
    .slice(0, SHOWN);
  const waits = last.length === 0 && (pending || lists.some(({ isPending }) => isPending));
  return (
    <Card title={t("versions")}>
      {waits ? <ShapeLines count={2} height={10} /> : null}
      {last.length === 0 && !waits ? <p className={classes.quiet}>{t("noVersions")}</p> : null}
      <ul className={classes.versions}>
        {last.map(({ agent, version }) => (
          <li key={`${agent.id}:${version.number}`}>
            <Link href={`/agents/${agent.id}/versions`} className={classes.version}>
              <span>{agent.name}</span>
              <span className={classes.number}>{t("version", { number: version.number })}</span>
              <RelativeTime at={version.createdAt} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
