import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/**
 * For what changes an agent's directory from outside: a run writes there, and a review is about what it holds.
 * @throws AppError conflict while a run of the agent is on or awaits review
 */
export async function requireIdleAgent(db: Database, userId: string, agentId: string): Promise<void> {
  const { rowCount } = await db.pool.query(
    "SELECT FROM runs WHERE agent_id = $1 AND user_id = $2 AND status IN ('running', 'awaiting_review')",
    [agentId, userId],
  );
  if (rowCount)
    throw new AppError("conflict", "A run of this agent is on. Answer its review or cancel it first.");
}
