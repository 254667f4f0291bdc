"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Run } from "#api/schema/run.ts";
import type { Version } from "#api/schema/version.ts";
import { type RestoreVersion, useDiff } from "#app/_data/use-runs.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { ChangedFile } from "#app/(desk)/agents/[agentId]/_desk/changed-file.tsx";
import { PublishingLine } from "#app/(desk)/agents/[agentId]/versions/publishing-line.tsx";
import classes from "#app/(desk)/agents/[agentId]/versions/versions.module.css";
import { Money } from "#ui/money.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { ShapeLines } from "#ui/shapes.tsx";
import { Sign } from "#ui/sign.tsx";

/** As many characters of a hash as tell trees apart by eye. */
const SHORT_HASH = 10;

interface VersionItemProps {
  agentId: string;
  version: Version;
  isNewest: boolean;
  run: Run | null;
  /** one for all versions: the files are those of the last that was restored */
  restore: RestoreVersion;
}

export function VersionItem({ agentId, version, isNewest, run, restore }: VersionItemProps) {
  const t = useTranslations("versions");
  const [open, setOpen] = useState(false);
  const [sure, setSure] = useState(false);
  const mine = restore.variables === version.number;
  const give = () => restore.mutate(version.number, { onSuccess: () => setSure(false) });
  return (
    <article className={classes.version}>
      <div className={classes.head}>
        <Sign shape="done" />
        <h2 className={classes.name}>{t("name", { number: version.number })}</h2>
        <span className={classes.facts}>
          <RelativeTime at={version.createdAt} />
          {run ? <Money microUsd={run.costMicroUsd} /> : null}
          <code title={version.treeHash}>{version.treeHash.slice(0, SHORT_HASH)}</code>
          {version.restoredFrom ? <span>{t("restoredFrom", { number: version.restoredFrom })}</span> : null}
        </span>
        <span className={classes.actions}>
          {version.runId ? (
            <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t(open ? "hideChanges" : "seeChanges")}
            </Button>
          ) : null}
          {sure ? null : (
            <Button size="xs" variant="default" onClick={() => setSure(true)}>
              {t("restore")}
            </Button>
          )}
        </span>
      </div>
      <PublishingLine agentId={agentId} version={version} isNewest={isNewest} />
      {sure ? (
        <div
          className={classes.sure}
          role="alertdialog"
          aria-label={t("restoreQuestion", { number: version.number })}
        >
          <span>
            {t("restoreQuestion", { number: version.number })}{" "}
            <span className={classes.quiet}>{t("restoreMeaning")}</span>
          </span>
          <span className={classes.actions}>
            <Button size="xs" variant="default" onClick={() => setSure(false)}>
              {t("keep")}
            </Button>
            <Button size="xs" loading={restore.isPending} onClick={give}>
              {t("restore")}
            </Button>
          </span>
        </div>
      ) : null}
      {mine && restore.isSuccess ? (
        <p className={classes.quiet} role="status">
          {t("restored", { number: version.number })}
        </p>
      ) : null}
      {mine && restore.error ? <ProblemState problem={restore.error} /> : null}
      {open && version.runId ? <VersionChanges runId={version.runId} treeHash={version.treeHash} /> : null}
    </article>
  );
}

function VersionChanges({ runId, treeHash }: { runId: string; treeHash: string }) {
  const diff = useDiff(runId, treeHash);
  if (diff.isPending) return <ShapeLines count={5} />;
  if (diff.isLoadingError) return <ProblemState problem={diff.error} retry={() => void diff.refetch()} />;
  return (
    <div className={classes.changes}>
      {diff.data.files.map((file) => (
        <ChangedFile
          key={file.path}
          id={`${treeHash}:${file.path}`}
          file={file}
          startsOpen={false}
          subject={null}
        />
      ))}
    </div>
  );
}
