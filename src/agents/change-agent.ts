import type { AgentSettings, AgentView } from "#agents/agent.ts";
import { readAgent } from "#agents/read-agents.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

const COLUMNS = {
  name: "name",
  engine: "engine",
  model: "model",
  instructions: "instructions",
  persona: "persona",
  policy: "policy",
  ceilingMicroUsd: "ceiling_micro_usd",
} as const satisfies Record<keyof AgentSettings, string>;

/** Changes the settings that are given; runs that have begun keep theirs. @throws AppError not_found */
export async function changeAgent(
  db: Database,
  userId: string,
  agentId: string,
  change: AgentSettings,
): Promise<AgentView> {
  const values: unknown[] = [agentId, userId];
  const changes = (Object.keys(COLUMNS) as (keyof AgentSettings)[]).flatMap((field) => {
    const value = change[field];
    if (value === undefined) return [];
    values.push(typeof value === "object" && value !== null ? JSON.stringify(value) : value);
    const place = `$${values.length}`;
    return [field === "policy" ? `policy = policy || ${place}::jsonb` : `${COLUMNS[field]} = ${place}`];
  });
  const { rowCount } = await db.pool.query(
    `UPDATE agents SET ${[...changes, "updated_at = now()"].join(", ")}
      WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL`,
    values,
  );
  if (rowCount === 0) throw new AppError("not_found", "There is no such agent.");
  return readAgent(db, userId, agentId);
}
