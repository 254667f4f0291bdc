import type { Run } from "#api/schema/run.ts";
import type { ReviewView, RunView } from "#runs/ui/run-view.ts";

/** What is asked now, from whichever has seen more: the run's events or the last look at its row. */
export function readReview(run: Run, view: RunView): ReviewView | null {
  if (view.review && view.lastSeq >= run.lastSeq) return view.review;
  if (!run.review) return view.review;
  const { kind, treeHash, summary, figures, obstacles, budget } = run.review;
  return {
    kind,
    treeHash,
    summary,
    figures: figures ? { ...figures, costMicroUsd: figures.costMicroUsd ?? run.costMicroUsd } : null,
    obstacles,
    budget,
  };
}
