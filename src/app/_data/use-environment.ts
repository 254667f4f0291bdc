"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { EnvironmentChange, EnvironmentKeys } from "#api/schema/environment.ts";
import { callApi } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";

/** The names of an agent's private environment; values never come back. */
export function useEnvironment(agentId: string) {
  return useQuery({
    queryKey: keys.environment(agentId),
    queryFn: ({ signal }) => callApi<EnvironmentKeys>("GET", `/agents/${agentId}/env`, { signal }),
    select: (list) => list.keys,
  });
}

export function useChangeEnvironment(agentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: EnvironmentChange) =>
      callApi<EnvironmentKeys>("PUT", `/agents/${agentId}/env`, { json: change }),
    onSuccess: (list) => client.setQueryData(keys.environment(agentId), list),
  });
}
