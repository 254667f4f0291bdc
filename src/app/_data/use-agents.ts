"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { Agent, AgentChange, AgentList, NewAgent } from "#api/schema/agent.ts";
import { callApi } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";

const PLACES_EVERY_MS = 5_000;

/** All of the user's agents, oldest first: the order of the tabs, which never jump. */
export function useAgents() {
  return useQuery({
    queryKey: keys.agents,
    queryFn: ({ signal }) => callApi<AgentList>("GET", "/agents", { query: { limit: 100 }, signal }),
    select: inOrder,
    // A place in line moves without a word.
    refetchInterval: ({ state }) =>
      state.data?.agents.some(({ latestRun }) => latestRun?.status === "queued") ? PLACES_EVERY_MS : false,
  });
}

function inOrder(list: AgentList): Agent[] {
  return [...list.agents].sort((one, other) => one.createdAt.localeCompare(other.createdAt));
}

export function useAgent(agentId: string) {
  const agents = useAgents();
  return { ...agents, agent: agents.data?.find((agent) => agent.id === agentId) ?? null };
}

interface Making {
  given: NewAgent;
  /** also when the page that asked for it has gone meanwhile, as that of a first agent does */
  whenMade: (agent: Agent) => void;
}

/** Makes one agent: what is asked while it is being made, as by a double click, is not asked again. */
export function useMakeAgent() {
  const client = useQueryClient();
  const asked = useRef(false);
  const making = useMutation({
    mutationFn: ({ given }: Making) => callApi<Agent>("POST", "/agents", { json: given }),
    onError: () => {
      asked.current = false;
    },
    onSuccess: (agent, { whenMade }) => {
      client.setQueryData<AgentList>(keys.agents, (list) =>
        list ? { ...list, agents: [...list.agents.filter(({ id }) => id !== agent.id), agent] } : list,
      );
      void client.invalidateQueries({ queryKey: keys.limits });
      whenMade(agent);
    },
  });
  const make = (one: Making) => {
    if (asked.current) return;
    asked.current = true;
    making.mutate(one);
  };
  return { make, isMaking: making.isPending || making.isSuccess, error: making.error };
}

export function useChangeAgent(agentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: AgentChange) => callApi<Agent>("PATCH", `/agents/${agentId}`, { json: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.agents }),
  });
}

export function useDeleteAgent(agentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi<void>("DELETE", `/agents/${agentId}`),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.agents });
      void client.invalidateQueries({ queryKey: keys.limits });
    },
  });
}
