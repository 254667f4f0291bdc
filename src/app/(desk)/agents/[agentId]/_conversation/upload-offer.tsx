"use client";

import { Button, FileButton } from "@mantine/core";
import { IconFileZip } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type DragEvent, useState } from "react";
import { MOST_MEGABYTES, useUpload } from "#app/_data/use-upload.ts";
import classes from "#app/(desk)/agents/[agentId]/_conversation/import-offer.module.css";

const KINDS = ".zip,.tar,.gz,.tgz,.bundle";

/** A project of one's own to begin with: chosen, or dropped here. */
export function UploadOffer({ agentId }: { agentId: string }) {
  const t = useTranslations("codeImport");
  const { send } = useUpload(agentId);
  const [isOver, setOver] = useState(false);
  const take = (file: File | null | undefined) => file && send(file);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way to what the button does
    <div
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>{t("upload", { most: MOST_MEGABYTES })}</p>
      <FileButton accept={KINDS} onChange={take} inputProps={{ "aria-label": t("choose") }}>
        {(props) => (
          <Button {...props} size="xs" variant="default" leftSection={<IconFileZip size={14} stroke={1.8} />}>
            {t("choose")}
          </Button>
        )}
      </FileButton>
    </div>
  );
}
