import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import type { RunStatus } from "#events/vocabulary.ts";
import { isPassing } from "#platform/db.ts";
import { storableJson } from "#platform/storable.ts";
import { GIVE_BACK_PAUSES_MS } from "#runs/tunables.ts";

const LEAVE = `
WITH run AS (
  UPDATE runs SET status = $3, owner = NULL, lease_until = NULL, error = $4,
         ended_at = CASE WHEN $3 = 'awaiting_review' THEN NULL ELSE now() END
   WHERE id = $1 AND fence = $2 AND status = 'running' AND lease_until > now()
     AND (NOT cancel_requested OR $3 IN ('cancelled', 'failed'))
  RETURNING user_id, cost_micro_usd
), counted AS (
  UPDATE quotas SET running = running - 1 FROM run WHERE quotas.user_id = run.user_id
)
SELECT cost_micro_usd AS "costMicroUsd" FROM run`;

/**
 * Takes a run out of `running` and frees its slot, in one statement and only under the holder's fence: whoever
 * comes second changes nothing. A run that a person has cancelled meanwhile neither succeeds nor asks for a review.
 * @returns null when this holder does not hold it any more, or when it was cancelled
 */
export async function leaveRun(
  client: pg.PoolClient,
  run: { runId: string; fence: number },
  to: { status: Exclude<RunStatus, "queued" | "running">; error?: { code: string; detail: string } },
): Promise<{ costMicroUsd: number } | null> {
  const error = to.error ? storableJson(to.error) : null;
  const { rows } = await client.query<{ costMicroUsd: number }>(LEAVE, [
    run.runId,
    run.fence,
    to.status,
    error,
  ]);
  return rows[0] ?? null;
}

/** Whether the run is still this holder's, and a person wants it to end. */
export async function isCancelRequested(
  client: pg.PoolClient,
  run: { runId: string; fence: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM runs
      WHERE id = $1 AND fence = $2 AND status = 'running' AND lease_until > now() AND cancel_requested`,
    [run.runId, run.fence],
  );
  return rowCount === 1;
}

/**
 * Gives a run back while it stays `running` and keeps its slot: its lease ends now, so that another runner goes on at
 * once. The log says nothing of it, as nothing happened to the run; nor does it count as a holding that came to nothing.
 * @throws when the database stays away; the lease lapses by itself then
 */
export async function handOverRun(pool: pg.Pool, run: { runId: string; fence: number }): Promise<void> {
  for (const wait of [...GIVE_BACK_PAUSES_MS, null]) {
    try {
      await pool.query(
        `UPDATE runs SET lease_until = now() - interval '1 ms', claimed_seq = -1, idle_claims = 0
          WHERE id = $1 AND fence = $2 AND status = 'running'`,
        [run.runId, run.fence],
      );
      return;
    } catch (error) {
      if (wait === null || !isPassing(error)) throw error;
      await pause(wait);
    }
  }
}
