"use client";

import { UnstyledButton } from "@mantine/core";
import { IconFile, IconFolder, IconLink } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { File } from "#api/schema/workspace.ts";
import { useDirectory } from "#app/_data/use-workspace.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/agents/[agentId]/_desk/files.module.css";
import type { Place } from "#app/(desk)/agents/[agentId]/_desk/files.tsx";
import { Bytes } from "#ui/duration.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { ShapeRows } from "#ui/shapes.tsx";

const ICONS = { directory: IconFolder, file: IconFile, link: IconLink, other: IconFile };

interface DirectoryListProps {
  agentId: string;
  path: string;
  onOpen: (place: Place) => void;
}

export function DirectoryList({ agentId, path, onOpen }: DirectoryListProps) {
  const t = useTranslations("files");
  const directory = useDirectory(agentId, path);
  if (directory.isPending) {
    return (
      <div className={classes.pad}>
        <ShapeRows count={4} />
      </div>
    );
  }
  if (directory.isLoadingError) {
    return (
      <div className={classes.pad}>
        <ProblemState problem={directory.error} retry={() => void directory.refetch()} />
      </div>
    );
  }
  if (directory.data.length === 0) {
    return (
      <div className={classes.pad}>
        <EmptyState title={t("emptyTitle")}>{t("empty")}</EmptyState>
      </div>
    );
  }
  return (
    <ul className={classes.list}>
      {directory.data.map((file) => (
        <li key={file.path}>
          <Row file={file} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  );
}

function Row({ file, onOpen }: { file: File; onOpen: (place: Place) => void }) {
  const t = useTranslations("files");
  const Icon = ICONS[file.type];
  const opens = file.type === "directory" || file.type === "file";
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  return (
    <UnstyledButton
      className={classes.row}
      disabled={!opens}
      onClick={() =>
        opens && onOpen({ path: file.path, kind: file.type === "directory" ? "directory" : "file" })
      }
    >
      <Icon size={16} stroke={1.5} aria-label={t(`type.${file.type}`)} role="img" />
      <span className={classes.name}>{name}</span>
      <span className={classes.meta}>
        <RelativeTime at={file.modifiedAt} />
      </span>
      <span className={classes.size}>{file.type === "file" ? <Bytes value={file.size} /> : null}</span>
    </UnstyledButton>
  );
}
