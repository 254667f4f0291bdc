"use client";

import { Button, Textarea } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import classes from "#app/(desk)/agents/[agentId]/_desk/line-comments.module.css";

interface LineCommentBoxProps {
  label: string;
  text: string;
  onKeep: (text: string) => void;
  onDrop: () => void;
  onClose: () => void;
}

/** The API's limit for one comment, characters. */
const LONGEST = 4_096;

/** Where a comment on a line is written, and written anew. */
export function LineCommentBox({ label, text, onKeep, onDrop, onClose }: LineCommentBoxProps) {
  const t = useTranslations("changes");
  const [draft, setDraft] = useState(text);
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => input.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    // The page's own keys (approve, comment) are not meant here.
    event.stopPropagation();
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") onClose();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    onKeep(draft);
  };
  return (
    <div className={classes.box}>
      <Textarea
        ref={input}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={LONGEST}
        aria-label={label}
        placeholder={t("commentPlaceholder")}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className={classes.answers}>
        <Button size="xs" onClick={() => onKeep(draft)} disabled={draft.trim() === ""}>
          {t("keepComment")}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onClose}>
          {t("cancelComment")}
        </Button>
        {text ? (
          <Button size="xs" variant="subtle" color="red" onClick={onDrop}>
            {t("dropComment")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
