"use client";

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { MessageList } from "#api/schema/message.ts";
import type { RepairList } from "#api/schema/repair.ts";
import type { Diff, ReviewAnswer, Run, RunList } from "#api/schema/run.ts";
import type { Version, VersionList } from "#api/schema/version.ts";
import { callApi } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";
import { refreshAgent } from "#app/_data/refresh-agent.ts";

/** The most that the API gives at once. */
const PAGE = 100;

/** The conversation, oldest first; earlier pages come when they are asked for. */
export function useMessages(agentId: string) {
  return useInfiniteQuery({
    queryKey: keys.messages(agentId),
    queryFn: ({ signal, pageParam }) =>
      callApi<MessageList>("GET", `/agents/${agentId}/messages`, {
        query: { limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    select: ({ pages }) =>
      pages
        .flatMap(({ messages }) => messages)
        .sort((one, other) => one.createdAt.localeCompare(other.createdAt)),
  });
}

/** The agent's runs, newest first. */
export function useRuns(agentId: string) {
  return useQuery({
    queryKey: keys.runs(agentId),
    queryFn: ({ signal }) =>
      callApi<RunList>("GET", `/agents/${agentId}/runs`, { query: { limit: PAGE }, signal }),
    select: (list) => [...list.runs].sort((one, other) => other.createdAt.localeCompare(one.createdAt)),
  });
}

export function useDiff(runId: string, treeHash: string | null) {
  return useQuery({
    queryKey: keys.diff(runId, treeHash ?? ""),
    queryFn: ({ signal }) => callApi<Diff>("GET", `/runs/${runId}/diff`, { signal }),
    enabled: treeHash !== null,
    // The diff of a snapshot never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useVersions(agentId: string, { enabled = true } = {}) {
  return useQuery({
    queryKey: keys.versions(agentId),
    queryFn: ({ signal }) =>
      callApi<VersionList>("GET", `/agents/${agentId}/versions`, { query: { limit: PAGE }, signal }),
    select: (list) => [...list.versions].sort((one, other) => other.number - one.number),
    // Publishing goes on after the run has ended, and says nothing to the run's readers.
    refetchInterval: ({ state }) => (state.data?.versions.some(isOnItsWay) ? ON_ITS_WAY_MS : false),
    enabled,
  });
}

/** How often a version is looked at while it is being published. Milliseconds. */
const ON_ITS_WAY_MS = 3_000;

export function isOnItsWay({ publishing }: Version): boolean {
  return publishing.state === "pending" || publishing.state === "publishing";
}

export function usePublishVersion(agentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (number: number) => callApi<unknown>("POST", `/agents/${agentId}/versions/${number}/publish`),
    onSettled: () => client.invalidateQueries({ queryKey: keys.versions(agentId) }),
  });
}

/** What others' words and checks offer to begin. */
export function useRepairs(agentId: string) {
  return useQuery({
    queryKey: keys.repairs(agentId),
    queryFn: ({ signal }) => callApi<RepairList>("GET", `/agents/${agentId}/repairs`, { signal }),
    select: ({ repairs }) => repairs,
  });
}

export function useAnswerRepair(agentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, begin }: { id: string; begin: boolean }) =>
      callApi<unknown>(begin ? "POST" : "DELETE", `/agents/${agentId}/repairs/${id}${begin ? "/start" : ""}`),
    onSettled: () =>
      Promise.all([
        refreshAgent(client, agentId),
        client.invalidateQueries({ queryKey: keys.repairs(agentId) }),
      ]),
  });
}

export function useCancelRun(agentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (runId: string) => callApi<unknown>("POST", `/runs/${runId}/cancel`),
    onSettled: () => refreshAgent(client, agentId),
  });
}

/** One answer at a time: a second click may come before the page has drawn what the first one did. */
export function useAnswerReview(agentId: string) {
  const client = useQueryClient();
  const given = useRef(false);
  const answering = useMutation({
    mutationFn: ({ runId, answer }: { runId: string; answer: ReviewAnswer }) =>
      callApi<Run>("POST", `/runs/${runId}/review`, { json: answer }),
    onError: () => {
      given.current = false;
    },
    onSettled: (_run, error) => {
      refreshAgent(client, agentId);
      const read = client.refetchQueries({ queryKey: keys.runs(agentId) }, { cancelRefetch: false });
      if (error) return;
      // What was answered is asked on this page until the runs are read again.
      void read.finally(() => {
        given.current = false;
      });
    },
  });
  const mutate: typeof answering.mutate = (...answer) => {
    if (given.current) return;
    given.current = true;
    answering.mutate(...answer);
  };
  return { ...answering, mutate };
}

export type RestoreVersion = ReturnType<typeof useRestoreVersion>;

export function useRestoreVersion(agentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (number: number) => callApi<unknown>("POST", `/agents/${agentId}/versions/${number}/restore`),
    onSettled: () => refreshAgent(client, agentId),
  });
}
