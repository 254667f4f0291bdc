"use client";

import type { Agent } from "#api/schema/agent.ts";
import { useRunView } from "#app/_data/live.tsx";
import { type AgentState, isInFlight, stateOfRun } from "#app/_shell/agent-state.ts";

/** What the list said last, brought up to the second by the run's own events. */
export function useAgentState(agent: Agent): AgentState {
  const run = agent.latestRun;
  const view = useRunView(run && isInFlight(run.status) ? run.id : null);
  if (!run || view.status === null) return stateOfRun(run);
  const steps = view.steps.filter(({ status }) => status === "running");
  return stateOfRun({
    status: view.status,
    place: run.place,
    step: steps.at(-1) ?? null,
    startedAt: view.statusAt,
  });
}
