import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import type { MessageView } from "#runs/transitions/add-message.ts";

/**
 * An agent's conversation, newest first. The cursor is the id of the last message seen.
 * @throws AppError not_found, also for another user's agent
 */
export async function listMessages(
  db: Database,
  userId: string,
  agentId: string,
  page: { limit: number; cursor?: string | null },
): Promise<{ messages: MessageView[]; nextCursor: string | null }> {
  const agent = await db.pool.query(
    "SELECT FROM agents WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL",
    [agentId, userId],
  );
  if (agent.rowCount === 0) throw new AppError("not_found", "There is no such agent.");
  const { rows } = await db.pool.query<Omit<MessageView, "createdAt"> & { createdAt: Date }>({
    name: "list-messages",
    text: `SELECT m.id, m.agent_id AS "agentId", m.run_id AS "runId", m.role, m.text, m.created_at AS "createdAt"
             FROM messages m LEFT JOIN messages last ON last.id = $3 AND last.agent_id = $1
            WHERE m.agent_id = $1 AND m.user_id = $2
              AND ($3::text IS NULL OR (m.created_at, m.id) < (last.created_at, last.id))
            ORDER BY m.created_at DESC, m.id DESC LIMIT $4`,
    values: [agentId, userId, page.cursor ?? null, page.limit + 1],
  });
  const messages = rows
    .slice(0, page.limit)
    .map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  return { messages, nextCursor: rows.length > page.limit ? (messages.at(-1)?.id ?? null) : null };
}
