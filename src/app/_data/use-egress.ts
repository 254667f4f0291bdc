"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Egress, EgressChoice } from "#api/schema/egress.ts";
import { callApi } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";

const LOOK_EVERY_MS = 10_000;

/** What the workspace may reach, and its latest connections. */
export function useEgress(limit: number) {
  return useQuery({
    queryKey: [...keys.egress, limit],
    queryFn: ({ signal }) => callApi<Egress>("GET", "/workspace/egress", { query: { limit }, signal }),
    refetchInterval: LOOK_EVERY_MS,
    placeholderData: keepPreviousData,
  });
}

export function useChooseEgress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (choice: EgressChoice) => callApi<Egress>("PUT", "/workspace/egress", { json: choice }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.egress }),
  });
}
