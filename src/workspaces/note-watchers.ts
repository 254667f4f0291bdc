import type { Sql } from "#platform/db.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** How often web says who is looking (ms). */
export const WATCH_MS = TUNABLES.watchMs;

/** These users have a socket open: their workspaces do not rest for a while. One that does not exist yet is not made. */
export async function noteWatchers(sql: Sql, users: string[]): Promise<void> {
  await sql.query(
    `UPDATE workspaces SET watched_until = clock_timestamp() + $2 * interval '1 ms' WHERE user_id = ANY($1)`,
    [users, TUNABLES.watchedMs],
  );
}
