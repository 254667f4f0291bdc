"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useRef, useState } from "react";
import type { DiffFile } from "#api/schema/run.ts";
import { LineCommentBox } from "#app/(desk)/agents/[agentId]/_desk/line-comment-box.tsx";
import classes from "#app/(desk)/agents/[agentId]/_desk/line-comments.module.css";
import { isAt, useLineComments } from "#app/(desk)/agents/[agentId]/use-line-comments.ts";
import { DiffView, type Remarks } from "#ui/diff-view.tsx";

interface CommentedDiffProps {
  file: DiffFile;
  /** the result that awaits review, whose lines can be commented on; null: read only */
  subject: string | null;
}

/** One file's changes; while they await review, a comment begins at the number of a line. */
export function CommentedDiff({ file, subject }: CommentedDiffProps) {
  const t = useTranslations("changes");
  const root = useRef<HTMLDivElement>(null);
  const remarks = useRemarks(file.path, subject, root);
  return (
    <div ref={root}>
      <DiffView
        patch={file.patch}
        plain={file.change !== "modified"}
        words={{ added: t("added"), removed: t("removed"), caption: t("caption", { path: file.path }) }}
        remarks={subject === null || file.change === "deleted" ? undefined : remarks}
      />
    </div>
  );
}

function useRemarks(path: string, subject: string | null, root: RefObject<HTMLElement | null>): Remarks {
  const t = useTranslations("changes");
  const { comments, put } = useLineComments(subject);
  const [openLine, setOpenLine] = useState<number | null>(null);
  // The box goes: who writes with the keyboard goes on from the line it was about.
  const close = () => {
    root.current?.querySelector<HTMLElement>(`[data-line="${openLine}"]`)?.focus({ preventScroll: true });
    setOpenLine(null);
  };
  return {
    label: (line) => t("commentOn", { line }),
    onOpen: setOpenLine,
    below: (line) => {
      const comment = comments.find((one) => isAt(one, { path, line }));
      if (line === openLine)
        return (
          <LineCommentBox
            label={t("commentOn", { line })}
            text={comment?.text ?? ""}
            onWrite={(text) => put({ path, line, text })}
            onClose={close}
          />
        );
      if (!comment) return null;
      return (
        <button type="button" className={classes.kept} onClick={() => setOpenLine(line)}>
          {comment.text}
        </button>
      );
    },
  };
}
