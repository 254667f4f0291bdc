import type { Sql } from "#platform/db.ts";
import type { Warning } from "#workspaces/workspace-info.ts";

export interface ListedWorkspace {
  email: string;
  state: string;
  driver: string;
  memoryBytes: number | null;
  usedAt: Date | null;
  warnings: Warning[];
  /** in line for a full host */
  place: number | null;
}

/** Every workspace there is, for the operator: those that run first, then by who used theirs last. */
export async function listWorkspaces(sql: Sql): Promise<ListedWorkspace[]> {
  const { rows } = await sql.query<ListedWorkspace>(
    `SELECT u.email, w.state, w.driver, CASE WHEN w.state = 'running' THEN (w.figures->>'memoryBytes')::float8 END AS "memoryBytes",
            w.used_at AS "usedAt", w.warnings,
            CASE WHEN q.user_id IS NOT NULL THEN (
              SELECT count(*) FROM workspace_waits o
               WHERE o.runner_id = q.runner_id AND o.until > clock_timestamp()
                 AND (o.since, o.user_id) <= (q.since, q.user_id)) END AS place
       FROM workspaces w JOIN users u ON u.id = w.user_id
       LEFT JOIN workspace_waits q ON q.user_id = w.user_id AND q.until > clock_timestamp()
      ORDER BY w.state = 'running' DESC, w.state = 'paused' DESC, w.used_at DESC NULLS LAST, u.email`,
  );
  return rows;
}
