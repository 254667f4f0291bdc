"use client";

import { Button, Textarea } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { LineComment } from "#api/schema/run.ts";
import classes from "#app/(desk)/agents/[agentId]/_review/change-request.module.css";
import { CommentList } from "#app/(desk)/agents/[agentId]/_review/comment-list.tsx";
import { useRequestDraft } from "#app/(desk)/agents/[agentId]/_review/use-request-draft.ts";
import { useLineComments } from "#app/(desk)/agents/[agentId]/use-line-comments.ts";

interface ChangeRequestProps {
  runId: string;
  /** the review that is answered */
  about: string;
  /** what the comments on lines are about; null: there are no lines to comment on */
  subject: string | null;
  busy: boolean;
  onSend: (wish: { comment: string; comments: LineComment[] }) => void;
  onClose: () => void;
}

/** What should be different, in the person's own words. */
export function ChangeRequest({ runId, about, subject, busy, onSend, onClose }: ChangeRequestProps) {
  const t = useTranslations("review");
  const { text: comment, write } = useRequestDraft(about);
  const { said: comments, drop } = useLineComments(subject);
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => input.current?.focus(), []);
  const empty = comment.trim() === "" && comments.length === 0;
  const send = () => {
    if (!empty && !busy) onSend({ comment, comments });
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
        onChange={(event) => write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        label={t("commentLabel")}
        placeholder={t("commentPlaceholder")}
      />
      {comments.length > 0 ? (
        <CommentList runId={runId} comments={comments} onDrop={drop} />
      ) : subject ? (
        <p className={classes.hint}>{t("lineCommentsHint")}</p>
      ) : null}
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
