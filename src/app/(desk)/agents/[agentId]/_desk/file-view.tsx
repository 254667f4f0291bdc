"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { apiUrl } from "#app/_data/call-api.ts";
import { useFileContent, useSaveFile } from "#app/_data/use-workspace.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { CodeArea } from "#app/(desk)/agents/[agentId]/_desk/code-area.tsx";
import classes from "#app/(desk)/agents/[agentId]/_desk/files.module.css";
import { EmptyState } from "#ui/empty-state.tsx";
import { KeyTip } from "#ui/keys.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

/** One file: read it, change it, save it. */
export function FileView({ agentId, path }: { agentId: string; path: string }) {
  const t = useTranslations("files");
  const file = useFileContent(agentId, path);
  const save = useSaveFile(agentId);
  const [edited, setEdited] = useState<string | null>(null);
  const address = apiUrl(`/agents/${agentId}/files/content`, { path });

  if (file.isPending) {
    return (
      <div className={classes.pad}>
        <ShapeLines count={6} />
      </div>
    );
  }
  if (file.isLoadingError) {
    return (
      <div className={classes.pad}>
        <ProblemState problem={file.error} retry={() => void file.refetch()} />
      </div>
    );
  }
  if (file.data.kind !== "text") {
    return (
      <div className={classes.pad}>
        <EmptyState
          title={t(`${file.data.kind}Title`)}
          actions={
            <Button component="a" href={address} download variant="default" size="xs">
              {t("download")}
            </Button>
          }
        >
          {t(file.data.kind)}
        </EmptyState>
      </div>
    );
  }
  const { text } = file.data;
  const changed = edited !== null && edited !== text;
  const store = () => {
    if (changed) save.mutate({ path, text: edited }, { onSuccess: () => setEdited(null) });
  };
  return (
    <div className={classes.file}>
      <div className={classes.code}>
        <CodeArea
          value={edited ?? text}
          language={path}
          label={t("codeOf", { path })}
          onChange={setEdited}
          onSave={store}
        />
      </div>
      {save.error ? <ProblemState problem={save.error} meaning={t("saveMeaning")} /> : null}
      <div className={classes.fileFoot}>
        <span role="status">{changed ? t("unsaved") : save.isSuccess ? t("saved") : null}</span>
        <Button component="a" href={address} download variant="subtle" color="gray" size="compact-xs">
          {t("download")}
        </Button>
        {changed ? (
          <Button variant="default" size="compact-xs" onClick={() => setEdited(null)}>
            {t("discard")}
          </Button>
        ) : null}
        <KeyTip label={t("save")} combo="mod+S">
          <Button size="compact-xs" disabled={!changed} loading={save.isPending} onClick={store}>
            {t("save")}
          </Button>
        </KeyTip>
      </div>
    </div>
  );
}
