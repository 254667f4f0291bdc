"use client";

import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { DiffFile } from "#api/schema/run.ts";
import classes from "#app/(desk)/agents/[agentId]/_desk/changes.module.css";
import { CommentedDiff } from "#app/(desk)/agents/[agentId]/_desk/commented-diff.tsx";
import { LineCounts } from "#app/(desk)/agents/[agentId]/line-counts.tsx";

interface ChangedFileProps {
  id: string;
  file: DiffFile;
  startsOpen: boolean;
  /** the result that awaits review; null: nothing does */
  subject: string | null;
}

export function ChangedFile({ id, file, startsOpen, subject }: ChangedFileProps) {
  const t = useTranslations("changes");
  const [open, setOpen] = useState(startsOpen);
  const cut = file.path.lastIndexOf("/") + 1;
  return (
    <section className={classes.file} id={id}>
      <UnstyledButton className={classes.head} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={14} stroke={1.8} className={classes.chevron} aria-hidden="true" />
        <span className={classes.path} title={file.path}>
          <span className={classes.folder}>{file.path.slice(0, cut)}</span>
          {file.path.slice(cut)}
        </span>
        <span className={classes.kind}>{t(`kind.${file.change}`)}</span>
        <LineCounts additions={file.additions} deletions={file.deletions} />
      </UnstyledButton>
      {open && file.binary ? <p className={classes.binary}>{t("binary")}</p> : null}
      {open && !file.binary ? <CommentedDiff file={file} subject={subject} /> : null}
    </section>
  );
}
