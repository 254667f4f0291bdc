"use client";

import { Button, Textarea } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import classes from "#app/(desk)/agents/[agentId]/_review/change-request.module.css";

interface ChangeRequestProps {
  busy: boolean;
  onSend: (comment: string) => void;
  onClose: () => void;
}

/** What should be different, in the person's own words. */
export function ChangeRequest({ busy, onSend, onClose }: ChangeRequestProps) {
  const t = useTranslations("review");
  const [comment, setComment] = useState("");
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => input.current?.focus(), []);
  const empty = comment.trim() === "";
  const send = () => {
    if (!empty && !busy) onSend(comment);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") onClose();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={classes.request}>
      <Textarea
        ref={input}
        autosize
        minRows={2}
        maxRows={8}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        label={t("commentLabel")}
        placeholder={t("commentPlaceholder")}
      />
      <div className={classes.answers}>
        <Button onClick={send} loading={busy} disabled={empty}>
          {t("sendRequest")}
        </Button>
        <Button variant="subtle" color="gray" onClick={onClose} disabled={busy}>
          {t("back")}
        </Button>
      </div>
    </div>
  );
}
