"use client";

import { Button, Textarea } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import classes from "#app/(desk)/agents/[agentId]/_desk/line-comments.module.css";

interface LineCommentBoxProps {
  label: string;
  text: string;
  /** with every letter, so that nothing typed is lost when the page goes */
  onWrite: (text: string) => void;
  onClose: () => void;
}

/** The API's limit for one comment, characters. */
const LONGEST = 4_096;

/** Where a comment on a line is written, and written anew. */
export function LineCommentBox({ label, text, onWrite, onClose }: LineCommentBoxProps) {
  const t = useTranslations("changes");
  const [before] = useState(text);
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => input.current?.focus(), []);
  const end = (last: string) => {
    onWrite(last);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The page's own keys (approve, comment) are not meant here.
    event.stopPropagation();
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") end(before);
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    onClose();
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
        value={text}
        onChange={(event) => onWrite(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className={classes.answers}>
        <Button size="xs" onClick={onClose} disabled={text.trim() === ""}>
          {t("keepComment")}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={() => end(before)}>
          {t("cancelComment")}
        </Button>
        {before ? (
          <Button size="xs" variant="subtle" color="red" onClick={() => end("")}>
            {t("dropComment")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
