import type pg from "pg";
import { appendEvents } from "#events/log.ts";
import { inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import type { ClaimedRun } from "#runs/execution/claim-run.ts";
import { IDLE_CLAIMS_MOST } from "#runs/tunables.ts";

/** Says in the run's log that it stands still, and where, and gives it back. The saying is no progress. */
export async function tellStandstill(
  pool: pg.Pool,
  run: { runId: string; fence: number },
  standsStillMs: number,
): Promise<void> {
  const where = await placeOf(pool, run.runId);
  const text = `Nothing has come of it for ${inWords(standsStillMs)}${where}. It is taken up again from there.`;
  await inTransaction(pool, async (client) => {
    const said = await appendEvents(client, run, [{ body: { type: "notice", level: "warning", text } }]);
    if (!said) return;
    await client.query(
      "UPDATE runs SET claimed_seq = claimed_seq + 1, lease_until = now() - interval '1 hour' WHERE id = $1",
      [run.runId],
    );
  });
}

/** @throws AppError timeout when the run was taken up again and again and never came on */
export async function refuseStandstill(pool: pg.Pool, { runId, idleClaims }: ClaimedRun): Promise<void> {
  if (idleClaims < IDLE_CLAIMS_MOST) return;
  throw new AppError(
    "timeout",
    `It was taken up ${idleClaims} times in a row and never came on${await placeOf(pool, runId)}. What was finished is kept: ask again, or for less at a time.`,
  );
}

/** `, at "Write x.py"`: the steps that are open. */
async function placeOf(pool: pg.Pool, runId: string): Promise<string> {
  const { rows } = await pool.query<{ title: string }>(
    "SELECT title FROM run_steps WHERE run_id = $1 AND status = 'running' ORDER BY ordinal LIMIT 3",
    [runId],
  );
  return rows.length === 0 ? "" : `, at ${rows.map(({ title }) => `“${title}”`).join(", ")}`;
}

function inWords(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} minutes`;
}
