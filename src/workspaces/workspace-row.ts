import type { Sql } from "#platform/db.ts";
import { tierOf } from "#tiers/tiers.ts";
import type { HostReport, WorkspaceSpec } from "#workspaces/driver.ts";
import { WORKSPACE_CHANNEL } from "#workspaces/workspace-channel.ts";
import type { Figures, Warning } from "#workspaces/workspace-info.ts";

export type WorkspaceState = "absent" | "starting" | "running" | "paused" | "stopped" | "failed";

export interface WorkspaceRow {
  state: WorkspaceState;
  driver: string;
  error: string | null;
  languages: Record<string, string>;
}

/** null when the user never used one. */
export async function readRow(sql: Sql, userId: string): Promise<WorkspaceRow | null> {
  const { rows } = await sql.query<WorkspaceRow>(
    "SELECT state, driver, error, languages FROM workspaces WHERE user_id = $1",
    [userId],
  );
  return rows[0] ?? null;
}

/** What the user's tier gives it, and the longest time for one command (ms). */
export async function readSpec(
  sql: Sql,
  userId: string,
): Promise<{ spec: WorkspaceSpec; commandMs: number }> {
  const { rows } = await sql.query<{ slot: number; tier: string }>(
    "SELECT w.slot, u.tier FROM workspaces w JOIN users u ON u.id = w.user_id WHERE w.user_id = $1",
    [userId],
  );
  const found = rows[0];
  if (!found) throw new Error(`workspace of ${userId} has no row`);
  const { commandMs, ...limits } = tierOf(found.tier).workspace;
  return { spec: { userId, slot: found.slot, ...limits }, commandMs };
}

/** Writes down what is seen, as long as nobody newer owns it, and says so. */
export async function writeState(
  sql: Sql,
  at: { userId: string; fence: number },
  state: WorkspaceState,
  seen: { error?: string; languages?: Record<string, string>; host?: HostReport } = {},
): Promise<void> {
  const limits = seen.host ? { enforced: seen.host.enforced, notEnforced: seen.host.notEnforced } : null;
  await sql.query(
    `WITH written AS (
       UPDATE workspaces SET state = $3, error = $4, languages = coalesce($5, languages), limits = coalesce($6, limits),
              started_at = CASE WHEN $3 = 'running' AND state <> 'running' THEN clock_timestamp() ELSE started_at END,
              used_at = CASE WHEN $3 = 'running' THEN clock_timestamp() ELSE used_at END,
              figures = CASE WHEN $3 IN ('running', 'paused') THEN figures END,
              warnings = CASE WHEN $3 IN ('running', 'paused') THEN warnings ELSE '[]' END
        WHERE user_id = $1 AND fence = $2 RETURNING user_id)
     SELECT pg_notify('${WORKSPACE_CHANNEL}', user_id) FROM written`,
    [
      at.userId,
      at.fence,
      state,
      seen.error ?? null,
      seen.languages ? JSON.stringify(seen.languages) : null,
      limits ? JSON.stringify(limits) : null,
    ],
  );
}

/** What was measured, and what is wrong. */
export async function writeFigures(
  sql: Sql,
  at: { userId: string; fence: number },
  figures: Figures,
  warnings: readonly Warning[],
): Promise<void> {
  await sql.query(
    `WITH written AS (
       UPDATE workspaces SET figures = $3, warnings = $4 WHERE user_id = $1 AND fence = $2 RETURNING user_id)
     SELECT pg_notify('${WORKSPACE_CHANNEL}', user_id) FROM written`,
    [at.userId, at.fence, JSON.stringify(figures), JSON.stringify(warnings)],
  );
}
