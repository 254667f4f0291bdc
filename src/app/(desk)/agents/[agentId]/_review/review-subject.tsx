"use client";

import type { Run } from "#api/schema/run.ts";
import { PlanList } from "#app/(desk)/agents/[agentId]/_conversation/plan-list.tsx";
import { BudgetFigures } from "#app/(desk)/agents/[agentId]/_plan/budget-figures.tsx";
import { PlanPicture } from "#app/(desk)/agents/[agentId]/_plan/plan-picture.tsx";
import { QuoteFigures } from "#app/(desk)/agents/[agentId]/_plan/quote-figures.tsx";
import { ReviewFigures } from "#app/(desk)/agents/[agentId]/_review/review-figures.tsx";
import { ReviewObstacles } from "#app/(desk)/agents/[agentId]/_review/review-obstacles.tsx";
import type { ReviewView, RunView } from "#runs/ui/run-view.ts";

interface ReviewSubjectProps {
  agentId: string;
  run: Run;
  view: RunView;
  review: ReviewView;
  /** the plan is being edited in place of being shown */
  editing: boolean;
}

/** What a review is about: a plan and its price, a result and its figures, or money. */
export function ReviewSubject({ agentId, run, view, review, editing }: ReviewSubjectProps) {
  const quote = review.kind === "plan" ? (view.quote ?? run.quote) : null;
  return (
    <>
      {review.kind === "plan" && !editing ? (
        <>
          <PlanList entries={view.plan} whole />
          <PlanPicture entries={view.plan} open />
        </>
      ) : null}
      {quote ? <QuoteFigures quote={quote} /> : null}
      {review.budget ? <BudgetFigures budget={review.budget} agentId={agentId} /> : null}
      {review.figures ? <ReviewFigures run={run} view={view} review={review} /> : null}
      <ReviewObstacles obstacles={review.obstacles} />
    </>
  );
}
