import type { Sql } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { storableText } from "#platform/storable.ts";

export interface MessageView {
  id: string;
  agentId: string;
  runId: string | null;
  role: "user" | "agent";
  text: string;
  createdAt: string;
}

/** One more line of the agent's conversation. */
export async function addMessage(
  sql: Sql,
  message: { userId: string; agentId: string; runId: string; role: "user" | "agent"; text: string },
): Promise<MessageView> {
  const { agentId, runId, role } = message;
  const text = storableText(message.text);
  const { rows } = await sql.query<{ id: string; created_at: Date }>(
    `INSERT INTO messages (id, user_id, agent_id, run_id, role, text, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp()) RETURNING id, created_at`,
    [newId(), message.userId, agentId, runId, role, text],
  );
  const row = rows[0] as { id: string; created_at: Date };
  return { id: row.id, agentId, runId, role, text, createdAt: row.created_at.toISOString() };
}
