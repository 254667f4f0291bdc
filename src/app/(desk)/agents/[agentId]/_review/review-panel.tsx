"use client";

import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Agent } from "#api/schema/agent.ts";
import type { LineComment, ReviewAnswer, Run } from "#api/schema/run.ts";
import { useAnswerReview } from "#app/_data/use-runs.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { PlanList } from "#app/(desk)/agents/[agentId]/_conversation/plan-list.tsx";
import { ChangeRequest } from "#app/(desk)/agents/[agentId]/_review/change-request.tsx";
import { ReviewFigures } from "#app/(desk)/agents/[agentId]/_review/review-figures.tsx";
import { ReviewObstacles } from "#app/(desk)/agents/[agentId]/_review/review-obstacles.tsx";
import classes from "#app/(desk)/agents/[agentId]/_review/review-panel.module.css";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";
import { useLineComments } from "#app/(desk)/agents/[agentId]/use-line-comments.ts";
import type { ReviewView, RunView } from "#runs/ui/run-view.ts";
import { KeyTip } from "#ui/keys.tsx";
import { Sign } from "#ui/sign.tsx";

interface ReviewPanelProps {
  agent: Agent;
  run: Run;
  view: RunView;
  review: ReviewView;
}

/** What a run asks its person: one sentence, four figures that open, and the answers. Never a dialog. */
export function ReviewPanel({ agent, run, view, review }: ReviewPanelProps) {
  const t = useTranslations("review");
  const { show } = useDesk();
  const answer = useAnswerReview(agent.id);
  const [mode, setMode] = useState<"asking" | "commenting" | "discarding">("asking");

  const give = (given: ReviewAnswer) => answer.mutate({ runId: run.id, answer: given });
  const approve = () => {
    if (!answer.isPending) give({ decision: "approve", treeHash: review.treeHash ?? undefined });
  };
  const commented = review.kind === "result" ? review.treeHash : null;
  const { said: waiting, clear } = useLineComments(commented);
  const askForChanges = ({ comment, comments }: { comment: string; comments: LineComment[] }) =>
    answer.mutate(
      {
        runId: run.id,
        answer:
          comments.length > 0
            ? { decision: "request_changes", comment, comments, treeHash: commented ?? undefined }
            : { decision: "request_changes", comment },
      },
      { onSuccess: clear },
    );
  useHotkeys([
    ["a", approve],
    ["c", () => setMode("commenting")],
  ]);
  return (
    <section className={classes.review} aria-label={t("title")} data-testid="review">
      <div className={classes.head}>
        <Sign shape="asking" />
        <span className={classes.asks}>{t(`asks.${review.kind}`)}</span>
      </div>
      <p className={classes.sentence}>{review.summary}</p>
      {review.kind === "plan" ? <PlanList entries={view.plan} /> : null}
      {review.figures ? <ReviewFigures run={run} view={view} review={review} /> : null}
      <ReviewObstacles obstacles={review.obstacles} />
      {answer.error ? <ProblemState problem={answer.error} meaning={t("problemMeaning")} /> : null}
      {mode === "commenting" ? (
        <ChangeRequest
          runId={run.id}
          treeHash={commented}
          busy={answer.isPending}
          onSend={askForChanges}
          onClose={() => setMode("asking")}
        />
      ) : null}
      {mode === "discarding" ? (
        <div className={classes.sure} role="alertdialog" aria-label={t("discardQuestion")}>
          <span>
            {t("discardQuestion")} <span className={classes.meaning}>{t("discardMeaning")}</span>
          </span>
          <Button variant="default" onClick={() => setMode("asking")}>
            {t("back")}
          </Button>
          <Button color="red" loading={answer.isPending} onClick={() => give({ decision: "reject" })}>
            {t("reject")}
          </Button>
        </div>
      ) : null}
      {mode === "asking" ? (
        <div className={classes.answers}>
          <KeyTip label={t("approveTip")} combo="A">
            <Button onClick={approve} loading={answer.isPending}>
              {t(review.kind === "budget" ? "goOn" : "approve")}
            </Button>
          </KeyTip>
          <KeyTip label={t("changeTip")} combo="C">
            <Button variant="default" onClick={() => setMode("commenting")} disabled={answer.isPending}>
              {waiting.length > 0 ? t("requestChangesCount", { count: waiting.length }) : t("requestChanges")}
            </Button>
          </KeyTip>
          {review.kind === "result" ? (
            <Button variant="subtle" color="gray" onClick={() => show("changes", { runId: run.id })}>
              {t("seeChanges")}
            </Button>
          ) : null}
          <Button
            className={classes.reject}
            variant="subtle"
            color="gray"
            disabled={answer.isPending}
            onClick={() => setMode("discarding")}
          >
            {t("reject")}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
