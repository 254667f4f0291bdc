import type pg from "pg";
import { appendEvents } from "#events/log.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import { type RunView, readRunIn } from "#runs/read-run.ts";
import { addMessage, type MessageView } from "#runs/transitions/add-message.ts";
import { lockAgent } from "#runs/transitions/lock-agent.ts";
import { requestChanges } from "#runs/transitions/request-changes.ts";
import { MESSAGES_WAITING } from "#runs/tunables.ts";
import { announceWork } from "#runs/work-channel.ts";

export interface SubmittedMessage {
  userId: string;
  agentId: string;
  text: string;
  /** for an agent that names no model of its own; default: the scripted demo model */
  defaultModel?: string;
}

/**
 * A person's message to an agent. It starts a run that waits its turn; while a run awaits review, it is a request
 * for changes to that run.
 * @throws AppError not_found, limit_reached
 */
export function submitMessage(
  db: Database,
  input: SubmittedMessage,
): Promise<{ message: MessageView; run: RunView }> {
  return inTransaction(db.pool, (client) => submitMessageIn(client, input));
}

/** The same inside the caller's transaction, which may hold an idempotency key as well. */
export async function submitMessageIn(
  client: pg.PoolClient,
  input: SubmittedMessage,
): Promise<{ message: MessageView; run: RunView }> {
  const agent = await lockAgent(client, input.userId, input.agentId);
  const reviewed = await client.query<{ id: string; round: number }>(
    "SELECT id, round FROM runs WHERE agent_id = $1 AND status = 'awaiting_review' FOR NO KEY UPDATE",
    [agent.id],
  );
  const waiting = reviewed.rows[0];
  const runId = waiting?.id ?? newId();
  if (!waiting) {
    await assertRoomInQueue(client, agent.id);
    await client.query(
      "INSERT INTO runs (id, user_id, agent_id, status, engine, model) VALUES ($1, $2, $3, 'queued', $4, $5)",
      [runId, input.userId, agent.id, agent.engine, agent.model ?? input.defaultModel ?? "demo"],
    );
    await appendEvents(client, { runId }, [{ body: { type: "run_status", status: "queued" } }]);
  }
  const message = await addMessage(client, { ...input, runId, role: "user" });
  if (waiting) await requestChanges(client, waiting, input.text);
  await announceWork(client, { kind: "claim" });
  return { message, run: await readRunIn(client, input.userId, runId) };
}

// The agent is locked, so the count holds until the new run is there.
async function assertRoomInQueue(client: pg.PoolClient, agentId: string): Promise<void> {
  const { rows } = await client.query<{ queued: number }>(
    "SELECT count(*) AS queued FROM runs WHERE agent_id = $1 AND status = 'queued'",
    [agentId],
  );
  if ((rows[0]?.queued ?? 0) < MESSAGES_WAITING) return;
  throw new AppError(
    "limit_reached",
    `${MESSAGES_WAITING} messages wait for this agent already. Wait until some are done, or cancel some.`,
  );
}
