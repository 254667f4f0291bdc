import type { Sql } from "#platform/db.ts";
import type { RunnerHost } from "#workspaces/driver.ts";

/** How full a host is. */
export interface RunnerLoad {
  workspaces: number;
  maxWorkspaces: number;
  /** what it is too short of to start anything: memory, disk */
  short: string | null;
}

/** Says that this runner lives, where it can be reached, and what its host can enforce. Repeated as its heartbeat. */
export async function registerRunner(
  sql: Sql,
  runner: { id: string; address: string; host: RunnerHost; leaseMs: number; load: RunnerLoad },
): Promise<void> {
  const { workspaces, maxWorkspaces, short } = runner.load;
  await sql.query(
    `INSERT INTO runners (id, address, host, lease_until, workspaces, max_workspaces, short)
     VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 ms', $5, $6, $7)
     ON CONFLICT (id) DO UPDATE SET address = $2, host = $3, lease_until = excluded.lease_until,
       workspaces = $5, max_workspaces = $6, short = $7`,
    [
      runner.id,
      runner.address,
      JSON.stringify(runner.host),
      runner.leaseMs,
      workspaces,
      maxWorkspaces,
      short,
    ],
  );
}

export async function removeRunner(sql: Sql, id: string): Promise<void> {
  await sql.query("DELETE FROM runners WHERE id = $1", [id]);
}

/** Removes those that have been silent for a day: nobody asks for them any more. */
export async function removeSilentRunners(sql: Sql): Promise<void> {
  await sql.query("DELETE FROM runners WHERE lease_until < clock_timestamp() - interval '1 day'");
}

/**
 * The address of the runner that answers for this user's workspace: its owner, else any living one that has the
 * workspace's driver, rather one with room. null: none lives.
 */
export async function findRunnerFor(sql: Sql, userId: string): Promise<string | null> {
  const { rows } = await sql.query<{ address: string }>(
    `SELECT address FROM (
       SELECT 0 AS rank, false AS "full", address FROM workspaces WHERE user_id = $1 AND lease_until > clock_timestamp()
       UNION ALL
       SELECT 1, r.short IS NOT NULL OR r.workspaces >= r.max_workspaces, r.address FROM runners r LEFT JOIN workspaces w ON w.user_id = $1
        WHERE r.lease_until > clock_timestamp() AND (w.driver IS NULL OR r.host->'drivers' ? w.driver)
     ) found WHERE address IS NOT NULL ORDER BY rank, "full", random() LIMIT 1`,
    [userId],
  );
  return rows[0]?.address ?? null;
}
