import type { Sql } from "#platform/db.ts";
import type { ConnectionRecord } from "#workspaces/egress/connection-record.ts";

export type ListedConnection = Omit<ConnectionRecord, "userId">;

/** The connections of a user's workspace, the latest first. An agent is named only if it is the user's. */
export async function listConnections(
  sql: Sql,
  userId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ connections: ListedConnection[]; nextCursor: string | null }> {
  const { rows } = await sql.query<ListedConnection>(
    `SELECT c.id, a.id AS "agentId", c.host, c.port, c.outcome, c.reason, c.attempts, c.bytes_in AS "bytesIn",
            c.bytes_out AS "bytesOut", c.started_at AS "startedAt", c.ended_at AS "endedAt"
       FROM egress_connections c LEFT JOIN agents a ON a.id = c.agent_id AND a.user_id = c.user_id
      WHERE c.user_id = $1 AND ($2::text IS NULL OR c.id < $2)
      ORDER BY c.id DESC LIMIT $3`,
    [userId, page.cursor ?? null, page.limit + 1],
  );
  const connections = rows.slice(0, page.limit);
  return { connections, nextCursor: rows.length > page.limit ? (connections.at(-1)?.id ?? null) : null };
}
