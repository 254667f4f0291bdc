import type { Sql } from "#platform/db.ts";
import type { RunnerHost } from "#workspaces/driver.ts";

/** Says that this runner lives, where it can be reached, and what its host can enforce. Repeated as its heartbeat. */
export async function registerRunner(
  sql: Sql,
  runner: { id: string; address: string; host: RunnerHost; leaseMs: number },
): Promise<void> {
  await sql.query(
    `INSERT INTO runners (id, address, host, lease_until)
     VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 ms')
     ON CONFLICT (id) DO UPDATE SET address = $2, host = $3, lease_until = excluded.lease_until`,
    [runner.id, runner.address, JSON.stringify(runner.host), runner.leaseMs],
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
 * workspace's driver. null: none lives.
 */
export async function findRunnerFor(sql: Sql, userId: string): Promise<string | null> {
  const { rows } = await sql.query<{ address: string }>(
    `SELECT address FROM (
       SELECT 0 AS rank, address FROM workspaces WHERE user_id = $1 AND lease_until > clock_timestamp()
       UNION ALL
       SELECT 1, r.address FROM runners r LEFT JOIN workspaces w ON w.user_id = $1
        WHERE r.lease_until > clock_timestamp() AND (w.driver IS NULL OR r.host->'drivers' ? w.driver)
     ) found WHERE address IS NOT NULL ORDER BY rank, random() LIMIT 1`,
    [userId],
  );
  return rows[0]?.address ?? null;
}
