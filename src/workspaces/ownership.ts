import type { Sql } from "#platform/db.ts";

export interface Ownership {
  userId: string;
  /** grows with every change of owner; supervisor and gateway refuse an older one */
  fence: number;
}

interface Taken {
  fence: number;
  driver: string;
}

// A driver is chosen once: the first runner's choice. A workspace of one that this runner has not is not its to take.
const TAKE = `
UPDATE workspaces w
   SET runner_id = $2, address = $3, lease_until = clock_timestamp() + $4 * interval '1 ms',
       fence = CASE WHEN w.runner_id = $2 AND w.lease_until > clock_timestamp() THEN w.fence ELSE w.fence + 1 END
 WHERE w.user_id = $1
   AND (w.runner_id IS NULL OR w.runner_id = $2 OR w.lease_until IS NULL OR w.lease_until <= clock_timestamp())
   AND coalesce((SELECT host->'drivers' ? w.driver FROM runners WHERE id = $2), true)
RETURNING w.fence, w.driver`;

const MAKE = `
INSERT INTO workspaces (user_id, driver)
SELECT $1, coalesce((SELECT host->>'driver' FROM runners WHERE id = $2), 'local')
 WHERE NOT EXISTS (SELECT FROM workspaces WHERE user_id = $1)
ON CONFLICT (user_id) DO NOTHING`;

/**
 * Makes this runner the owner of the user's workspace for `leaseMs`, or lets it stay the owner. null: another living
 * runner owns it. Works inside the caller's transaction.
 */
export async function takeWorkspace(
  client: Sql,
  given: { userId: string; runnerId: string; address: string; leaseMs: number },
): Promise<Taken | null> {
  const values = [given.userId, given.runnerId, given.address, given.leaseMs];
  const taken = await client.query<Taken>(TAKE, values);
  if (taken.rows[0]) return taken.rows[0];
  const made = await client.query(MAKE, [given.userId, given.runnerId]);
  if (made.rowCount === 0) return null;
  return (await client.query<Taken>(TAKE, values)).rows[0] ?? null;
}

/** Renews all that this runner still owns. What is missing from the answer is lost: its lease had lapsed. */
export async function renewWorkspaces(sql: Sql, runnerId: string, leaseMs: number): Promise<Ownership[]> {
  const { rows } = await sql.query<Ownership>(
    `UPDATE workspaces SET lease_until = clock_timestamp() + $2 * interval '1 ms'
      WHERE runner_id = $1 AND lease_until > clock_timestamp() RETURNING user_id AS "userId", fence`,
    [runnerId, leaseMs],
  );
  return rows;
}

/** Lets another runner take it at once. Nothing happens when it is no longer ours. */
export async function releaseWorkspace(sql: Sql, given: { userId: string; runnerId: string }): Promise<void> {
  await sql.query(
    "UPDATE workspaces SET runner_id = NULL, address = NULL, lease_until = NULL WHERE user_id = $1 AND runner_id = $2",
    [given.userId, given.runnerId],
  );
}
