"use client";

import { useTranslations } from "next-intl";
import type { Agent } from "#api/schema/agent.ts";
import { useRunView } from "#app/_data/live.tsx";
import { useFollowFiles } from "#app/_data/use-workspace.ts";
import { isInFlight } from "#app/_shell/agent-state.ts";
import { Crumbs } from "#app/(desk)/agents/[agentId]/_desk/crumbs.tsx";
import { DirectoryList } from "#app/(desk)/agents/[agentId]/_desk/directory-list.tsx";
import { FileView } from "#app/(desk)/agents/[agentId]/_desk/file-view.tsx";
import classes from "#app/(desk)/agents/[agentId]/_desk/files.module.css";
import { SnippetPanel } from "#app/(desk)/agents/[agentId]/_desk/snippet-panel.tsx";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";

/** The agent's directory: read it, change it, run something in it. */
export function Files({ agent }: { agent: Agent }) {
  const t = useTranslations("files");
  const { place, setPlace } = useDesk();
  const run = agent.latestRun;
  useFollowFiles(agent.id, useRunView(run && isInFlight(run.status) ? run.id : null).files);
  return (
    <div className={classes.files}>
      <Crumbs
        label={t("where")}
        root={agent.name}
        path={place.path}
        onGo={(to) => setPlace({ path: to, kind: "directory" })}
      />
      <div className={classes.body}>
        {place.kind === "directory" ? (
          <DirectoryList agentId={agent.id} path={place.path} onOpen={setPlace} />
        ) : (
          <FileView key={place.path} agentId={agent.id} path={place.path} />
        )}
      </div>
      <SnippetPanel agentId={agent.id} path={place.kind === "file" ? place.path : null} />
    </div>
  );
}
