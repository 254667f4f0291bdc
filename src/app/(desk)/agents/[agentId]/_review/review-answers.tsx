"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import classes from "#app/(desk)/agents/[agentId]/_review/review-panel.module.css";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";
import type { ReviewKind } from "#events/vocabulary.ts";
import { KeyTip } from "#ui/keys.tsx";

export type ReviewMode = "asking" | "commenting" | "discarding" | "editing";

interface ReviewAnswersProps {
  runId: string;
  kind: ReviewKind;
  busy: boolean;
  /** on lines, that go with a request for changes */
  comments: number;
  canEdit: boolean;
  onApprove: () => void;
  onChoose: (mode: ReviewMode) => void;
}

/** The ways to answer a review. */
export function ReviewAnswers(props: ReviewAnswersProps) {
  const { runId, kind, busy, comments, canEdit, onApprove, onChoose } = props;
  const t = useTranslations("review");
  const plan = useTranslations("plan");
  const { show } = useDesk();
  return (
    <div className={classes.answers}>
      <KeyTip label={t("approveTip")} combo="A">
        <Button onClick={onApprove} loading={busy}>
          {t(kind === "budget" ? "goOn" : "approve")}
        </Button>
      </KeyTip>
      {canEdit ? (
        <Button variant="default" onClick={() => onChoose("editing")} disabled={busy}>
          {plan("edit")}
        </Button>
      ) : null}
      <KeyTip label={t("changeTip")} combo="C">
        <Button variant="default" onClick={() => onChoose("commenting")} disabled={busy}>
          {comments > 0 ? t("requestChangesCount", { count: comments }) : t("requestChanges")}
        </Button>
      </KeyTip>
      {kind === "result" ? (
        <Button variant="subtle" color="gray" onClick={() => show("changes", { runId })}>
          {t("seeChanges")}
        </Button>
      ) : null}
      <Button
        className={classes.reject}
        variant="subtle"
        color="gray"
        disabled={busy}
        onClick={() => onChoose("discarding")}
      >
        {kind === "budget" ? plan("end") : t("reject")}
      </Button>
    </div>
  );
}
