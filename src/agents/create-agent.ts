import { type AgentSettings, type AgentView, DEFAULT_POLICY } from "#agents/agent.ts";
import type { Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";

// The counter row decides: of many at once, each waits for the row and sees the count of those before it.
const CREATE = `
WITH room AS (
  UPDATE quotas SET agents = agents + 1 WHERE user_id = $2 AND agents < max_agents RETURNING user_id
)
INSERT INTO agents (id, user_id, name, engine, model, instructions, persona, policy, ceiling_micro_usd, created_at, updated_at)
SELECT $1, user_id, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9, $10, $10 FROM room
RETURNING id`;

/**
 * Makes an agent, in one round trip.
 * @throws AppError limit_reached when the user has as many as the tier allows
 */
export async function createAgent(
  sql: Sql,
  userId: string,
  given: AgentSettings & { name: string; engine: string },
): Promise<AgentView> {
  const id = newId();
  const now = new Date();
  const policy = { ...DEFAULT_POLICY, ...given.policy };
  const { rows } = await sql.query({
    name: "create-agent",
    text: CREATE,
    values: [
      id,
      userId,
      given.name,
      given.engine,
      given.model ?? null,
      given.instructions ?? null,
      given.persona ? JSON.stringify(given.persona) : null,
      JSON.stringify(policy),
      given.ceilingMicroUsd ?? null,
      now,
    ],
  });
  if (!rows[0]) {
    throw new AppError("limit_reached", "You have as many agents as your tier allows. Delete one first.");
  }
  return {
    id,
    name: given.name,
    engine: given.engine,
    model: given.model ?? null,
    instructions: given.instructions ?? null,
    persona: given.persona ?? null,
    policy,
    ceilingMicroUsd: given.ceilingMicroUsd ?? null,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    costMicroUsd: 0,
    latestRun: null,
  };
}
