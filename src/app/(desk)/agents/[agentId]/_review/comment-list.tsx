"use client";

import { CloseButton, UnstyledButton } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { LineComment } from "#api/schema/run.ts";
import classes from "#app/(desk)/agents/[agentId]/_review/change-request.module.css";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";

interface CommentListProps {
  runId: string;
  comments: LineComment[];
  onDrop: (comment: LineComment) => void;
}

/** The comments on lines that go with a request for changes; each leads to its file. */
export function CommentList({ runId, comments, onDrop }: CommentListProps) {
  const t = useTranslations("review");
  const { show } = useDesk();
  return (
    <ul className={classes.comments} aria-label={t("lineComments", { count: comments.length })}>
      {comments.map((comment) => {
        const place = `${comment.path}:${comment.line}`;
        return (
          <li key={place}>
            <UnstyledButton
              fz="inherit"
              className={classes.comment}
              onClick={() => show("changes", { runId, path: comment.path })}
            >
              <code>{place}</code> {comment.text}
            </UnstyledButton>
            <CloseButton
              size="sm"
              aria-label={t("dropLineComment", { place })}
              onClick={() => onDrop(comment)}
            />
          </li>
        );
      })}
    </ul>
  );
}
