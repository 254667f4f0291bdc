import type pg from "pg";
import { type Database, inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { type RunView, readRun } from "#runs/read-run.ts";
import { endIdleRun, endLapsedRun } from "#runs/transitions/end-run.ts";
import { type LockedRun, lockRun } from "#runs/transitions/lock-agent.ts";
import { announceWork } from "#runs/work-channel.ts";

/**
 * Ends a run at a person's wish. One that nobody executes ends at once; a running one is told to its runner, which
 * ends model call, processes and children and then the run. Asking twice is the same as once.
 * @throws AppError not_found, conflict when it succeeded or failed already
 */
export async function cancelRun(db: Database, input: { userId: string; runId: string }): Promise<RunView> {
  await inTransaction(db.pool, async (client) => {
    const run = await lockRun(client, input.userId, input.runId);
    if (run.status === "succeeded" || run.status === "failed")
      throw new AppError("conflict", `This run has already ${run.status}.`);
    await cancelLocked(client, run);
  });
  return readRun(db, input.userId, input.runId);
}

/** Ends all that an agent has going on: before it is deleted, say. */
export async function cancelAgentRuns(db: Database, userId: string, agentId: string): Promise<void> {
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM runs WHERE agent_id = $1 AND user_id = $2
        AND status IN ('queued', 'running', 'awaiting_review') ORDER BY created_at DESC`,
    [agentId, userId],
  );
  for (const { id } of rows) {
    await inTransaction(db.pool, async (client) => cancelLocked(client, await lockRun(client, userId, id)));
  }
}

async function cancelLocked(client: pg.PoolClient, run: LockedRun): Promise<void> {
  if (run.status === "queued" || run.status === "awaiting_review") {
    await endIdleRun(client, run.id, "cancelled");
  } else if (run.status === "running" && run.lapsed) {
    await endLapsedRun(client, run.id, "cancelled");
  } else if (run.status === "running") {
    await client.query("UPDATE runs SET cancel_requested = true WHERE id = $1", [run.id]);
    await announceWork(client, { kind: "cancel", runId: run.id });
  }
}
