"use client";

import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import type { Agent } from "#api/schema/agent.ts";
import type { LineComment, ReviewAnswer, Run } from "#api/schema/run.ts";
import { useAnswerReview } from "#app/_data/use-runs.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { PlanEditor } from "#app/(desk)/agents/[agentId]/_plan/plan-editor.tsx";
import { dropPlanDraft, hasPlanDraft } from "#app/(desk)/agents/[agentId]/_plan/use-plan-draft.ts";
import { ChangeRequest } from "#app/(desk)/agents/[agentId]/_review/change-request.tsx";
import { ReviewAnswers, type ReviewMode } from "#app/(desk)/agents/[agentId]/_review/review-answers.tsx";
import classes from "#app/(desk)/agents/[agentId]/_review/review-panel.module.css";
import { ReviewSubject } from "#app/(desk)/agents/[agentId]/_review/review-subject.tsx";
import { dropRequestDraft, hasRequestDraft } from "#app/(desk)/agents/[agentId]/_review/use-request-draft.ts";
import { commentsOn, useLineComments } from "#app/(desk)/agents/[agentId]/use-line-comments.ts";
import type { ReviewView, RunView } from "#runs/ui/run-view.ts";
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
  const answer = useAnswerReview(agent.id);
  const about = `${run.id} ${run.round} ${review.kind}`;
  const [mode, setMode] = useState<ReviewMode>(() => modeOf(about));
  const plan = useTranslations("plan");
  const panel = useRef<HTMLElement>(null);
  // What had the focus goes with what it stood in; the next Tab shall lead to the answers.
  const back = () => {
    panel.current?.focus({ preventScroll: true });
    if (!answer.isPending) answer.reset();
    setMode("asking");
  };

  const give = (given: ReviewAnswer) => answer.mutate({ runId: run.id, answer: given });
  const proposed = review.kind === "plan" && run.review?.kind === "plan" ? run.review.plan : null;
  const ending = review.kind === "budget";
  const sure = ending ? plan("endQuestion") : t("discardQuestion");
  const approve = () => {
    if (!answer.isPending && mode === "asking")
      give({ decision: "approve", treeHash: review.treeHash ?? undefined });
  };
  const commented = review.kind === "result" ? review.treeHash : null;
  const subject = commentsOn(run.id, commented);
  const { said: waiting, clear } = useLineComments(subject);
  const askForChanges = ({ comment, comments }: { comment: string; comments: LineComment[] }) =>
    answer.mutate(
      {
        runId: run.id,
        answer:
          comments.length > 0
            ? { decision: "request_changes", comment, comments, treeHash: commented ?? undefined }
            : { decision: "request_changes", comment },
      },
      {
        onSuccess: () => {
          clear();
          dropRequestDraft(about);
        },
      },
    );
  useHotkeys([
    ["a", approve],
    ["c", () => mode === "asking" && setMode("commenting")],
  ]);
  return (
    <section
      ref={panel}
      tabIndex={-1}
      className={classes.review}
      aria-label={t("title")}
      data-testid="review"
    >
      <div className={classes.head}>
        <Sign shape="asking" />
        <span className={classes.asks}>{t(`asks.${review.kind}`)}</span>
      </div>
      <p className={classes.sentence}>{review.summary}</p>
      <ReviewSubject agentId={agent.id} run={run} view={view} review={review} editing={mode === "editing"} />
      {mode === "editing" && proposed ? (
        <PlanEditor
          about={about}
          plan={proposed}
          busy={answer.isPending}
          onApprove={(edited) => give({ decision: "approve", plan: edited })}
          onClose={() => {
            dropPlanDraft(about);
            back();
          }}
        />
      ) : null}
      {mode === "commenting" ? (
        <ChangeRequest
          runId={run.id}
          about={about}
          subject={subject}
          busy={answer.isPending}
          onSend={askForChanges}
          onClose={back}
        />
      ) : null}
      {answer.error ? (
        <ProblemState
          problem={answer.error}
          meaning={t(mode === "commenting" ? "notSent" : "problemMeaning")}
        />
      ) : null}
      {mode === "discarding" ? (
        <div className={classes.sure} role="alertdialog" aria-label={sure}>
          <span>
            {sure}{" "}
            <span className={classes.meaning}>{ending ? plan("endMeaning") : t("discardMeaning")}</span>
          </span>
          <Button ref={takeFocus} variant="default" onClick={back}>
            {t("back")}
          </Button>
          <Button color="red" loading={answer.isPending} onClick={() => give({ decision: "reject" })}>
            {ending ? plan("end") : t("reject")}
          </Button>
        </div>
      ) : null}
      {mode === "asking" ? (
        <ReviewAnswers
          runId={run.id}
          kind={review.kind}
          busy={answer.isPending}
          comments={waiting.length}
          onApprove={approve}
          onChoose={setMode}
          canEdit={proposed !== null}
        />
      ) : null}
    </section>
  );
}

/** Whatever was begun goes on. */
function modeOf(about: string): ReviewMode {
  if (hasPlanDraft(about)) return "editing";
  return hasRequestDraft(about) ? "commenting" : "asking";
}

function takeFocus(button: HTMLElement | null): void {
  button?.focus();
}
