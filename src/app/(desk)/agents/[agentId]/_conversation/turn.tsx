"use client";

import type { Agent } from "#api/schema/agent.ts";
import { useRunView } from "#app/_data/live.tsx";
import { hasEnded, statusNow } from "#app/_shell/agent-state.ts";
import { RunEnd } from "#app/(desk)/agents/[agentId]/_conversation/run-end.tsx";
import { RunProgress } from "#app/(desk)/agents/[agentId]/_conversation/run-progress.tsx";
import { AgentMessage, UserMessage } from "#app/(desk)/agents/[agentId]/_conversation/said.tsx";
import { spokenWords } from "#app/(desk)/agents/[agentId]/_conversation/spoken-words.ts";
import type { TurnView } from "#app/(desk)/agents/[agentId]/_conversation/tell-conversation.ts";
import { readReview } from "#app/(desk)/agents/[agentId]/_review/read-review.ts";

interface TurnProps {
  agent: Agent;
  turn: TurnView;
  onStop: (runId: string) => void;
  onRetry: (text: string) => void;
  onEdit: (text: string) => void;
}

export function Turn({ agent, turn, onStop, onRetry, onEdit }: TurnProps) {
  const { run, messages } = turn;
  const view = useRunView(run && !hasEnded(run.status) ? run.id : null);
  const status = run ? statusNow(run, view) : null;
  const review = run && status === "awaiting_review" ? readReview(run, view) : null;
  // The sentence of the review stands in its panel at the foot; here it would be said twice.
  const said = messages.filter(({ role, text }) => role === "user" || text !== review?.summary);
  const words = review?.kind === "result" ? spokenWords(view) : "";
  const request = messages.findLast(({ role }) => role === "user")?.text;
  return (
    <>
      {said.map((message) =>
        message.role === "user" ? (
          <UserMessage key={message.id} message={message} onEdit={() => onEdit(message.text)} />
        ) : (
          <AgentMessage key={message.id} text={message.text} />
        ),
      )}
      {run && (status === "queued" || status === "running") ? (
        <RunProgress agent={agent} run={run} view={view} onStop={() => onStop(run.id)} />
      ) : null}
      {words ? <AgentMessage text={words} /> : null}
      {run && status && hasEnded(status) ? (
        <RunEnd run={run} status={status} onRetry={request ? () => onRetry(request) : undefined} />
      ) : null}
    </>
  );
}
