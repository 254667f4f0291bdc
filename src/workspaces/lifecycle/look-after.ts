import type { Sql } from "#platform/db.ts";
import type { Logger } from "#platform/log.ts";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

export interface RestTimes {
  /** not used for so long: paused; 0: never */
  pauseAfterMs: number;
  /** not used for so long: stopped; 0: never */
  stopAfterMs: number;
}

interface Need {
  userId: string;
  watched: boolean;
  runs: boolean;
}

// A socket of the user that is open, and a run that is on, are use, though nothing may be on its way to the workspace.
const NEEDS = `
SELECT w.user_id AS "userId", coalesce(w.watched_until > clock_timestamp(), false) AS watched,
       EXISTS (SELECT FROM runs r WHERE r.user_id = w.user_id AND r.status = 'running') AS runs
  FROM workspaces w WHERE w.user_id = ANY($1)`;

/** Notes who needs theirs, and answers them: those are measured, and they do not rest. */
export async function noteNeeds(sql: Sql, all: HeldWorkspace[]): Promise<HeldWorkspace[]> {
  const lively = all.filter(({ phase }) => phase !== "down");
  if (lively.length === 0) return [];
  const { rows } = await sql.query<Need>(NEEDS, [lively.map(({ userId }) => userId)]);
  const needed = new Set(rows.filter(({ watched, runs }) => watched || runs).map(({ userId }) => userId));
  const found = lively.filter(({ userId }) => needed.has(userId));
  for (const held of found) held.touch();
  return found;
}

/** Pauses and stops what nobody has used for long enough. Whoever uses one at this very moment wins. */
export async function letRest(all: HeldWorkspace[], times: RestTimes, log: Logger): Promise<void> {
  const rests = all.map(async (held) => {
    const { stopAfterMs, pauseAfterMs } = times;
    const idle = held.idleMs;
    if (stopAfterMs > 0 && held.phase !== "down" && idle >= stopAfterMs) await held.rest(stopAfterMs);
    else if (pauseAfterMs > 0 && held.phase === "up" && idle >= pauseAfterMs) await held.pause(pauseAfterMs);
  });
  for (const rest of await Promise.allSettled(rests)) {
    if (rest.status === "rejected") log.warn({ err: rest.reason }, "a workspace did not go to rest");
  }
}

/** Stops the one that can be spared most: a paused one first, then the one that was used longest ago. */
export async function spareOne(sql: Sql, all: HeldWorkspace[], leastIdleMs: number): Promise<boolean> {
  const needed = await noteNeeds(sql, all);
  const idle = all
    .filter((held) => !needed.includes(held) && held.phase !== "down" && held.idleMs >= leastIdleMs)
    .sort(
      (one, other) =>
        Number(other.phase === "paused") - Number(one.phase === "paused") || other.idleMs - one.idleMs,
    );
  for (const held of idle) if (await held.rest(leastIdleMs)) return true;
  return false;
}

/** Writes down which were used a moment ago, so that the next runner knows who has been idle for how long. */
export async function noteUse(sql: Sql, all: HeldWorkspace[]): Promise<void> {
  const used = all.filter((held) => held.phase === "up" && held.idleMs < 2 * TUNABLES.watchMs);
  if (used.length === 0) return;
  await sql.query(
    `UPDATE workspaces w SET used_at = clock_timestamp() - item.idle * interval '1 ms'
       FROM unnest($1::text[], $2::float8[]) AS item(user_id, idle)
      WHERE w.user_id = item.user_id`,
    [used.map(({ userId }) => userId), used.map(({ idleMs }) => idleMs)],
  );
}
