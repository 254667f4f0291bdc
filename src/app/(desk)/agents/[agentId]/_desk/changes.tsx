"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import type { Run } from "#api/schema/run.ts";
import { useRunView } from "#app/_data/live.tsx";
import { useDiff } from "#app/_data/use-runs.ts";
import { hasEnded, statusNow } from "#app/_shell/agent-state.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { ChangedFile } from "#app/(desk)/agents/[agentId]/_desk/changed-file.tsx";
import classes from "#app/(desk)/agents/[agentId]/_desk/changes.module.css";
import desk from "#app/(desk)/agents/[agentId]/_desk/desk.module.css";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";
import { LineCounts } from "#app/(desk)/agents/[agentId]/line-counts.tsx";
import { commentsOn } from "#app/(desk)/agents/[agentId]/use-line-comments.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

/** More files than this start closed. */
const OPEN_FILES = 8;

/** What a run changes against the version before. */
export function Changes({ run }: { run: Run }) {
  const t = useTranslations("changes");
  const { path } = useDesk();
  const view = useRunView(run.id);
  const treeHash = view.version?.treeHash ?? view.review?.treeHash ?? run.review?.treeHash ?? null;
  const settled = treeHash ?? (run.versionNumber ? `version ${run.versionNumber}` : null);
  const diff = useDiff(run.id, settled);
  useEffect(() => {
    if (path && diff.data) document.getElementById(fileId(path))?.scrollIntoView({ block: "start" });
  }, [path, diff.data]);

  if (settled === null) {
    const ended = hasEnded(statusNow(run, view));
    return (
      <div className={desk.pad}>
        <EmptyState title={t(ended ? "noneTitle" : "noneYetTitle")}>
          {t(ended ? "none" : "noneYet")}
        </EmptyState>
      </div>
    );
  }
  if (diff.isPending) {
    return (
      <div className={desk.pad}>
        <ShapeLines count={6} />
      </div>
    );
  }
  if (diff.isLoadingError) {
    return (
      <div className={desk.pad}>
        <ProblemState problem={diff.error} retry={() => void diff.refetch()} />
      </div>
    );
  }
  const { files, baseTreeHash } = diff.data;
  if (files.length === 0) {
    return (
      <div className={desk.pad}>
        <EmptyState title={t("sameTitle")}>{t("same")}</EmptyState>
      </div>
    );
  }
  const inReview = statusNow(run, view) === "awaiting_review";
  const sum = (what: "additions" | "deletions") => files.reduce((total, file) => total + file[what], 0);
  return (
    <div className={classes.changes} data-testid="changes">
      <p className={classes.summary}>
        <span>{t("summary", { count: files.length })}</span>
        <LineCounts additions={sum("additions")} deletions={sum("deletions")} />
        <span className={classes.against}>{t(baseTreeHash ? "againstVersion" : "againstNothing")}</span>
      </p>
      {files.map((file) => (
        <ChangedFile
          key={file.path}
          id={fileId(file.path)}
          file={file}
          startsOpen={files.length <= OPEN_FILES || file.path === path}
          subject={inReview ? commentsOn(run.id, treeHash) : null}
        />
      ))}
    </div>
  );
}

function fileId(path: string): string {
  return `change:${path}`;
}
