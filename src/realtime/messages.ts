import { z } from "zod";
import type { RunEvent, RunStatus } from "#events/vocabulary.ts";
import type { ErrorCode } from "#platform/errors.ts";

/** The socket's contract. Path /socket.io; signed in by the session cookie or `auth: {token}`. */

export const Subscribe = z.strictObject({ runId: z.uuid(), after: z.int().min(0).default(0) });
export type Subscribe = z.infer<typeof Subscribe>;

export const Unsubscribe = z.strictObject({ runId: z.uuid() });

export type Ack = { ok: true } | { error: { code: ErrorCode; detail: string } };

/** A hint to look again: the run of this agent has a new status. */
export interface AgentChanged {
  agentId: string;
  runId: string;
  status: RunStatus;
}

export interface ServerToClient {
  "run:event": (event: RunEvent) => void;
  "agent:changed": (change: AgentChanged) => void;
}
