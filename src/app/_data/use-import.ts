"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CodeImport } from "#api/schema/code-import.ts";
import { callApi } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";

/** While code is on its way, how far it is. Milliseconds. */
const LOOK_MS = 800;

export function useImport(agentId: string) {
  return useQuery({
    queryKey: keys.codeImport(agentId),
    queryFn: ({ signal }) => callApi<CodeImport>("GET", `/agents/${agentId}/import`, { signal }),
    refetchInterval: ({ state }) =>
      ["pending", "importing"].includes(state.data?.import?.state ?? "") ? LOOK_MS : false,
    select: (answer) => answer.import,
  });
}

export function useBeginImport(agentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi<CodeImport>("POST", `/agents/${agentId}/import`, { json: {} }),
    onSuccess: (answer) => client.setQueryData(keys.codeImport(agentId), answer),
  });
}
