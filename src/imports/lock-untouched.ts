import type pg from "pg";
import type { Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** @throws AppError conflict when a run of the agent has begun, now or ever */
export async function requireUntouched(sql: Sql, agentId: string): Promise<void> {
  const { rows } = await sql.query<{ status: string }>(
    "SELECT status FROM runs WHERE agent_id = $1 AND started_at IS NOT NULL ORDER BY ended_at NULLS FIRST LIMIT 1",
    [agentId],
  );
  if (!rows[0]) return;
  const isAtWork = ["running", "awaiting_review"].includes(rows[0].status);
  throw new AppError(
    "conflict",
    isAtWork
      ? "A run of this agent is on. Begin with existing code in a new agent."
      : "This agent has worked already. Import into a new one.",
  );
}

/**
 * Locks the agent and its runs that wait, so that none of them begins before what the caller writes is seen.
 * @throws AppError not_found, conflict when a run of the agent has begun
 */
export async function lockUntouched(client: pg.PoolClient, userId: string, agentId: string): Promise<void> {
  const agent = await client.query(
    "SELECT FROM agents WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE",
    [agentId, userId],
  );
  if (agent.rowCount === 0) throw new AppError("not_found", "There is no such agent.");
  await client.query(
    "SELECT FROM runs WHERE agent_id = $1 AND status = 'queued' ORDER BY id FOR NO KEY UPDATE",
    [agentId],
  );
  await requireUntouched(client, agentId);
}
