import type { Server, Socket } from "socket.io";
import { z } from "zod";
import type { Identity } from "#accounts/authorise.ts";
import { LAST_SEQ, type RunEvent, type RunStatus } from "#events/vocabulary.ts";
import type { ErrorCode } from "#platform/errors.ts";
import type { WorkspaceInfo } from "#workspaces/workspace-info.ts";

/** The socket's contract. Path /socket.io; signed in by the session cookie or `auth: {token}`. */

export const Subscribe = z.strictObject({ runId: z.uuid(), after: z.int().min(0).max(LAST_SEQ).default(0) });
export type Subscribe = z.infer<typeof Subscribe>;

export const Unsubscribe = z.strictObject({ runId: z.uuid() });

export type Ack = { ok: true } | { error: { code: ErrorCode; detail: string } };

/** A hint to look again: the run of this agent has a new status. */
export interface AgentChanged {
  agentId: string;
  runId: string;
  status: RunStatus;
}

export interface ClientToServer {
  "run:subscribe": (payload: unknown, ack: unknown) => void;
  "run:unsubscribe": (payload: unknown, ack: unknown) => void;
}

export interface ServerToClient {
  "run:event": (event: RunEvent) => void;
  /** the user's workspace as it is now: state, gauges, warnings, place in line */
  "workspace:state": (workspace: WorkspaceInfo) => void;
  "agent:changed": (change: AgentChanged) => void;
}

export type RunSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, { identity: Identity }>;
export type RunSocketServer = Server<
  ClientToServer,
  ServerToClient,
  Record<string, never>,
  { identity: Identity }
>;
