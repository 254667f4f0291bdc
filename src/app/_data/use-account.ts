"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Limits, Me, MeChange } from "#api/schema/account.ts";
import type { ModelList } from "#api/schema/connection.ts";
import type { NewToken, TokenList, TokenMade } from "#api/schema/token.ts";
import type { Receipt, Usage, UsageGroup } from "#api/schema/usage.ts";
import { callApi } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";

export function useMe() {
  return useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => callApi<Me>("GET", "/me", { signal }),
    staleTime: 60_000,
  });
}

export function useChangeMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: MeChange) => callApi<Me>("PATCH", "/me", { json: change }),
    onSuccess: (me) => client.setQueryData(keys.me, me),
  });
}

export function useLimits() {
  return useQuery({
    queryKey: keys.limits,
    queryFn: ({ signal }) => callApi<Limits>("GET", "/limits", { signal }),
  });
}

export function useModels() {
  return useQuery({
    queryKey: keys.models,
    queryFn: ({ signal }) => callApi<ModelList>("GET", "/models", { signal }),
    staleTime: 5 * 60_000,
    select: (list) => list.models,
  });
}

/** A call is in the ledger when it has ended, and no event tells of it: whoever looks at sums looks again. */
const LIVE_MS = 3_000;

export function useUsage(groupBy: UsageGroup, period: { from: string; to: string; timeZone: string }) {
  return useQuery({
    queryKey: keys.usage(groupBy, period),
    queryFn: ({ signal }) => callApi<Usage>("GET", "/usage", { query: { groupBy, ...period }, signal }),
    placeholderData: (before) => before,
    refetchInterval: LIVE_MS,
  });
}

export function useReceipt(runId: string | null) {
  return useQuery({
    queryKey: keys.receipt(runId ?? ""),
    queryFn: ({ signal }) => callApi<Receipt>("GET", `/runs/${runId}/receipt`, { signal }),
    enabled: runId !== null,
    refetchInterval: LIVE_MS,
  });
}

export function useSetBudget() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (monthlyMicroUsd: number) =>
      callApi<unknown>("PUT", "/budget", { json: { monthlyMicroUsd } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.limits }),
  });
}

export function useTokens() {
  return useQuery({
    queryKey: keys.tokens,
    queryFn: ({ signal }) => callApi<TokenList>("GET", "/tokens", { query: { limit: 100 }, signal }),
    select: (list) => list.tokens,
  });
}

export function useMakeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: NewToken) => callApi<TokenMade>("POST", "/tokens", { json: given }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  });
}

export function useRevokeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => callApi<void>("DELETE", `/tokens/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  });
}
