import { setTimeout as sleep } from "node:timers/promises";
import type { GitHub } from "#github/app.ts";
import { refreshInstallation } from "#github/refresh-installation.ts";
import type { Database } from "#platform/db.ts";

/** GitHub is asked about an installation so often at most, however often a person asks. Milliseconds. */
const PAUSE_MS = 3_000;

interface Reached {
  id: number;
  askedAgoMs: number;
}

/**
 * Looks again at everything a user can reach: what was made on GitHub before the call is found. Who asks again at once
 * waits for the pause to be over, so that nobody uses up what GitHub allows the App. What was asked since the call began is not asked again.
 */
export async function refreshUser(db: Database, github: GitHub, userId: string): Promise<void> {
  const began = Date.now();
  for (const { id, askedAgoMs } of await reachedBy(db, userId)) {
    if (askedAgoMs < PAUSE_MS) await sleep(PAUSE_MS - askedAgoMs);
    const again = (await reachedBy(db, userId)).find((one) => one.id === id);
    const wasAsked = again === undefined || again.askedAgoMs < Date.now() - began;
    if (!wasAsked) await refreshInstallation(db, github, id, userId);
  }
}

async function reachedBy(db: Database, userId: string): Promise<Reached[]> {
  const { rows } = await db.pool.query<Reached>(
    `SELECT i.id, (extract(epoch FROM now() - i.asked_at) * 1000)::float8 AS "askedAgoMs"
       FROM github_installation_users u JOIN github_installations i ON i.id = u.installation_id
      WHERE u.user_id = $1 AND i.status <> 'removed' ORDER BY i.id`,
    [userId],
  );
  return rows;
}
