import type pg from "pg";
import { appendEvents } from "#events/log.ts";
import { announceWork } from "#runs/work-channel.ts";

export type EndStatus = "succeeded" | "failed" | "cancelled";

/** Ends a run that holds no slot (queued or awaiting review). The caller holds the run's lock. */
export async function endIdleRun(
  client: pg.PoolClient,
  runId: string,
  status: EndStatus,
  detail?: string,
): Promise<void> {
  await client.query(
    `UPDATE runs SET status = $2, ended_at = now()
      WHERE id = $1 AND status IN ('queued', 'awaiting_review')`,
    [runId, status],
  );
  await client.query(
    "UPDATE reviews SET decision = 'superseded', decided_at = now() WHERE run_id = $1 AND decision IS NULL",
    [runId],
  );
  await appendEvents(client, { runId }, [{ body: { type: "run_status", status, detail } }]);
  // The agent's next run may begin now.
  await announceWork(client, { kind: "claim" });
}

/** Ends a run whose runner let its lease lapse, and frees its slot. The caller holds the run's lock. */
export async function endLapsedRun(client: pg.PoolClient, runId: string, status: EndStatus): Promise<void> {
  await client.query(
    `WITH run AS (
       UPDATE runs SET status = $2, ended_at = now(), owner = NULL, lease_until = NULL, fence = fence + 1
        WHERE id = $1 AND status = 'running' AND lease_until < now() RETURNING user_id
     ) UPDATE quotas SET running = running - 1 FROM run WHERE quotas.user_id = run.user_id`,
    [runId, status],
  );
  await appendEvents(client, { runId }, [{ body: { type: "run_status", status } }]);
  await announceWork(client, { kind: "claim" });
}
