import type { Sql } from "#platform/db.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** Removes records that are old, and of each user those beyond the most that are kept. */
export async function sweepConnections(sql: Sql): Promise<void> {
  await sql.query("DELETE FROM egress_connections WHERE started_at < now() - $1 * interval '1 day'", [
    TUNABLES.egressLogDays,
  ]);
  await sql.query(
    `DELETE FROM egress_connections c
      USING (SELECT user_id FROM egress_connections GROUP BY user_id HAVING count(*) > $1) many,
            LATERAL (SELECT id FROM egress_connections WHERE user_id = many.user_id
                      ORDER BY id DESC OFFSET $1 LIMIT 1) last
      WHERE c.user_id = many.user_id AND c.id <= last.id`,
    [TUNABLES.egressLogMost],
  );
  // The runner that carried it died before it could say how it ended.
  await sql.query(
    `UPDATE egress_connections SET outcome = 'closed', reason = 'runner_lost'
      WHERE outcome = 'open' AND started_at < now() - interval '1 day'`,
  );
}
