import type { Sql } from "#platform/db.ts";
import type { WorkspaceInfo } from "#workspaces/workspace-info.ts";

const READ = `
SELECT coalesce(w.state, 'absent') AS state, coalesce(w.driver, h.host->>'driver') AS driver, w.error,
       coalesce(w.languages, '{}') AS languages,
       jsonb_build_object('enforced', coalesce(l.limits->'enforced', '[]'), 'notEnforced', coalesce(l.limits->'notEnforced', '[]')) AS limits,
       CASE WHEN w.state = 'running' THEN w.figures END AS gauges,
       CASE WHEN w.state IN ('running', 'paused') THEN w.warnings ELSE '[]' END AS warnings,
       CASE WHEN q.user_id IS NOT NULL THEN jsonb_build_object('place', (
         SELECT count(*) FROM workspace_waits o
          WHERE o.runner_id = q.runner_id AND o.until > clock_timestamp() AND (o.since, o.user_id) <= (q.since, q.user_id))) END AS queue,
       CASE WHEN w.state IN ('running', 'paused') THEN NULL ELSE h.short END AS "hostShort"
  FROM (SELECT $1::text AS user_id) u
  LEFT JOIN workspaces w USING (user_id)
  LEFT JOIN workspace_waits q ON q.user_id = u.user_id AND q.until > clock_timestamp()
  LEFT JOIN LATERAL (
    SELECT r.host, r.short FROM runners r
     WHERE r.lease_until > clock_timestamp() AND (w.driver IS NULL OR r.host->'drivers' ? w.driver)
     ORDER BY r.id = coalesce(q.runner_id, w.runner_id) DESC NULLS LAST, r.short IS NULL DESC, r.started_at LIMIT 1) h ON true
 CROSS JOIN LATERAL (SELECT coalesce(nullif(w.limits, '{}'), h.host, '{}') AS limits) l`;

/** What is known of the user's workspace. Looking is no use of it: it wakes nothing and keeps nothing from its rest. */
export async function readWorkspace(sql: Sql, userId: string): Promise<WorkspaceInfo> {
  const { rows } = await sql.query<WorkspaceInfo>({ name: "read-workspace", text: READ, values: [userId] });
  if (!rows[0]) throw new Error("a query without a condition gave no row");
  return rows[0];
}
