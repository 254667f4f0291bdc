"use client";

import type { Agent } from "#api/schema/agent.ts";
import type { Run } from "#api/schema/run.ts";
import { useRunView } from "#app/_data/live.tsx";
import { statusNow } from "#app/_shell/agent-state.ts";
import { readReview } from "#app/(desk)/agents/[agentId]/_review/read-review.ts";
import { ReviewPanel } from "#app/(desk)/agents/[agentId]/_review/review-panel.tsx";

/** The review that a run awaits, if it awaits one, at the foot of the conversation whatever was sent since. */
export function OpenReview({ agent, run }: { agent: Agent; run: Run }) {
  const view = useRunView(run.id);
  const review = statusNow(run, view) === "awaiting_review" ? readReview(run, view) : null;
  if (!review) return null;
  // Another question is asked anew, whatever was begun to be said to the one before.
  return (
    <ReviewPanel key={`${run.round} ${review.kind}`} agent={agent} run={run} view={view} review={review} />
  );
}
