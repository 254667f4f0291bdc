import type { QueryClient } from "@tanstack/react-query";
import { keys } from "#app/_data/keys.ts";

/** Looks again at everything that a change of this agent's run can have changed. */
export function refreshAgent(client: QueryClient, agentId: string): void {
  for (const queryKey of [
    keys.agents,
    keys.messages(agentId),
    keys.runs(agentId),
    keys.versions(agentId),
    keys.files(agentId),
    keys.limits,
    keys.allUsage,
  ]) {
    void client.invalidateQueries({ queryKey });
  }
}
