import type { Database, Sql } from "#platform/db.ts";

/** A reason for another run, as the agent's owner sees it. */
export interface RepairView {
  id: string;
  kind: "comment" | "check" | "conflict";
  pullRequestNumber: number | null;
  author: string | null;
  /** what was said or what failed, as it was said: data */
  text: string;
  url: string | null;
  /** whoever said it may write to the repository */
  trusted: boolean;
  createdAt: string;
}

interface Row {
  id: string;
  kind: RepairView["kind"];
  pull_request_number: number | null;
  author: string | null;
  text: string;
  url: string | null;
  trusted: boolean;
  created_at: Date;
  failed: { name: string; url: string | null }[] | null;
}

// A failed check counts while it is the newest commit's and has not passed since; a conflict, while its version is in it.
export const IS_OPEN_REPAIR = `
r.state = 'offered' AND CASE r.kind
  WHEN 'check' THEN EXISTS (SELECT FROM github_signals s WHERE s.repository_id = r.repository_id AND s.head_sha = r.head_sha
                               AND s.state IN ('failure', 'timed_out'))
                AND EXISTS (SELECT FROM github_pull_requests p WHERE p.agent_id = r.agent_id AND p.repository_id = r.repository_id
                               AND p.state = 'open' AND p.head_sha = r.head_sha)
  WHEN 'conflict' THEN EXISTS (SELECT FROM github_publications q WHERE q.version_id = split_part(r.source, ':', 2)
                               AND q.state = 'conflict'
                               AND NOT EXISTS (SELECT FROM versions v JOIN versions w ON w.agent_id = v.agent_id AND w.number > v.number
                                                WHERE v.id = q.version_id))
  ELSE true END`;

const SELECT = `
SELECT r.id, r.kind, r.author, r.text, r.url, r.trusted, r.created_at,
       coalesce(r.pull_request_number, (SELECT number FROM github_pull_requests p
         WHERE p.agent_id = r.agent_id AND p.repository_id = r.repository_id AND p.head_sha = r.head_sha LIMIT 1)) AS pull_request_number,
       (SELECT jsonb_agg(jsonb_build_object('name', s.name, 'url', s.url) ORDER BY s.kind, s.name) FROM github_signals s
         WHERE r.kind = 'check' AND s.repository_id = r.repository_id AND s.head_sha = r.head_sha
           AND s.state IN ('failure', 'timed_out')) AS failed
  FROM github_repairs r`;

/** What is offered for this agent now, oldest first. */
export async function listRepairs(db: Database, userId: string, agentId: string): Promise<RepairView[]> {
  const { rows } = await db.pool.query<Row>(
    `${SELECT} WHERE r.user_id = $1 AND r.agent_id = $2 AND ${IS_OPEN_REPAIR} ORDER BY r.created_at, r.id LIMIT 50`,
    [userId, agentId],
  );
  return rows.map(toView);
}

/** null: there is none of this user's. */
export async function readRepair(
  sql: Sql,
  userId: string,
  agentId: string,
  id: string,
): Promise<RepairView | null> {
  const { rows } = await sql.query<Row>(
    `${SELECT} WHERE r.user_id = $1 AND r.agent_id = $2 AND r.id = $3 AND ${IS_OPEN_REPAIR}`,
    [userId, agentId, id],
  );
  return rows[0] ? toView(rows[0]) : null;
}

function toView(row: Row): RepairView {
  const { id, kind, author, trusted, url } = row;
  const failed = row.failed ?? [];
  return {
    id,
    kind,
    author,
    trusted,
    url: url ?? failed.find((check) => check.url)?.url ?? null,
    pullRequestNumber: row.pull_request_number,
    text: kind === "check" ? failed.map(({ name }) => `- ${name}`).join("\n") : row.text,
    createdAt: row.created_at.toISOString(),
  };
}
