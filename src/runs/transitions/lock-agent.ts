import type pg from "pg";
import { AppError } from "#platform/errors.ts";

export interface LockedAgent {
  id: string;
  engine: string;
  model: string | null;
}

/**
 * Locks the agent of this user. Whoever answers, submits or versions takes this lock first and the run's second,
 * so that no two of them wait for each other. NO KEY: rows that point to the agent may be inserted meanwhile.
 * @throws AppError not_found, also for another user's agent
 */
export async function lockAgent(
  client: pg.PoolClient,
  userId: string,
  agentId: string,
): Promise<LockedAgent> {
  const { rows } = await client.query<LockedAgent>(
    `SELECT id, engine, model FROM agents
      WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE`,
    [agentId, userId],
  );
  if (!rows[0]) throw new AppError("not_found", "There is no such agent.");
  return rows[0];
}

export interface LockedRun {
  id: string;
  agent_id: string;
  status: string;
  engine: string;
  round: number;
  lapsed: boolean;
}

/**
 * Locks the run of this user, its agent first.
 * @throws AppError not_found, also for another user's run
 */
export async function lockRun(client: pg.PoolClient, userId: string, runId: string): Promise<LockedRun> {
  await client.query(
    `SELECT FROM agents WHERE id = (SELECT agent_id FROM runs WHERE id = $1 AND user_id = $2) FOR NO KEY UPDATE`,
    [runId, userId],
  );
  const { rows } = await client.query<LockedRun>(
    `SELECT id, agent_id, status, engine, round, coalesce(lease_until < now(), false) AS lapsed
       FROM runs WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE`,
    [runId, userId],
  );
  if (!rows[0]) throw new AppError("not_found", "There is no such run.");
  return rows[0];
}
