"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { keys } from "#app/_data/keys.ts";
import { useConnectionState } from "#app/_data/live.tsx";
import { Outbox, type Outgoing } from "#app/_data/outbox.ts";
import { refreshAgent } from "#app/_data/refresh-agent.ts";

const NONE: readonly Outgoing[] = [];

/** What this window still has to send to the agent; sent again as soon as the line is back. */
export function useOutbox(agentId: string) {
  const client = useQueryClient();
  const [outbox] = useState(
    () =>
      new Outbox(agentId, async () => {
        await client.invalidateQueries({ queryKey: keys.messages(agentId) });
        refreshAgent(client, agentId);
      }),
  );
  const live = useConnectionState().state === "live";
  useEffect(() => {
    if (live) void outbox.flush();
    const online = () => void outbox.flush();
    window.addEventListener("online", online);
    return () => {
      window.removeEventListener("online", online);
      outbox.close();
    };
  }, [live, outbox]);
  const items = useSyncExternalStore(outbox.watch, outbox.items, () => NONE);
  return { items, outbox };
}
