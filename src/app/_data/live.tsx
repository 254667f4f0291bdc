"use client";

import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { io, type Socket } from "socket.io-client";
import type { Workspace } from "#api/schema/workspace.ts";
import { keys } from "#app/_data/keys.ts";
import { refreshAgent } from "#app/_data/refresh-agent.ts";
import { RunFeed } from "#app/_data/run-feed.ts";
import { EMPTY_RUN, type RunView } from "#runs/ui/run-view.ts";

/** A line that was just dropped is often back before anybody need know. */
const QUIET_MS = 1500;

export type Connection = { state: "live" } | { state: "offline"; since: number } | { state: "refused" };

interface Live {
  feed: RunFeed | null;
  connection: Connection;
}

const LiveContext = createContext<Live>({ feed: null, connection: { state: "live" } });

/** One socket for the whole window. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [feed, setFeed] = useState<RunFeed | null>(null);
  const [socket, setSocket] = useState<Socket | null>(null);
  const client = useQueryClient();

  useEffect(() => {
    const opened = io({ path: "/socket.io", transports: ["websocket", "polling"] });
    const runs = new RunFeed(opened);
    setSocket(opened);
    setFeed(runs);
    opened.on("workspace:state", (workspace: Workspace) => client.setQueryData(keys.workspace, workspace));
    opened.on("agent:changed", ({ agentId }: { agentId: string }) => refreshAgent(client, agentId));
    // What changed while the line was down was not announced: look at all of it again.
    opened.io.on("reconnect", () => void client.invalidateQueries());
    return () => {
      runs.close();
      opened.close();
    };
  }, [client]);

  const connection = useConnection(socket);
  return <LiveContext.Provider value={{ feed, connection }}>{children}</LiveContext.Provider>;
}

function useConnection(socket: Socket | null): Connection {
  const [connection, setConnection] = useState<Connection>({ state: "live" });
  useEffect(() => {
    if (!socket) return;
    let since = Date.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const live = () => {
      clearTimeout(timer);
      setConnection({ state: "live" });
    };
    const down = () => {
      clearTimeout(timer);
      since = Date.now();
      timer = setTimeout(() => setConnection({ state: "offline", since }), QUIET_MS);
    };
    const refused = (error: Error & { data?: { code?: string } }) => {
      if (error.data?.code !== "unauthenticated") return;
      clearTimeout(timer);
      setConnection({ state: "refused" });
    };
    down();
    if (socket.connected) live();
    socket.on("connect", live);
    socket.on("disconnect", down);
    socket.on("connect_error", refused);
    window.addEventListener("offline", down);
    const back = () => (socket.connected ? live() : socket.connect());
    window.addEventListener("online", back);
    return () => {
      clearTimeout(timer);
      socket.off("connect", live);
      socket.off("disconnect", down);
      socket.off("connect_error", refused);
      window.removeEventListener("offline", down);
      window.removeEventListener("online", back);
    };
  }, [socket]);
  return connection;
}

export function useConnectionState(): Connection {
  return useContext(LiveContext).connection;
}

/** A run as its events tell it, followed as long as the caller is on the page. */
export function useRunView(runId: string | null): RunView {
  const { feed } = useContext(LiveContext);
  const subscribe = useCallback(
    (watcher: () => void) => (feed && runId ? feed.watch(runId, watcher) : () => undefined),
    [feed, runId],
  );
  const read = () => (feed && runId ? feed.view(runId) : EMPTY_RUN);
  return useSyncExternalStore(subscribe, read, () => EMPTY_RUN);
}
