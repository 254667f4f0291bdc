import type pg from "pg";
import { appendEvents } from "#events/log.ts";

/** A person's wish for changes to what awaits review: closes the review and queues the next round of the same run. */
export async function requestChanges(
  client: pg.PoolClient,
  run: { id: string; round: number },
  comment: string,
): Promise<void> {
  await client.query(
    `UPDATE reviews SET decision = 'request_changes', comment = $2, decided_at = now()
      WHERE run_id = $1 AND decision IS NULL`,
    [run.id, comment],
  );
  await client.query("UPDATE runs SET status = 'queued', round = round + 1 WHERE id = $1", [run.id]);
  await appendEvents(client, { runId: run.id }, [
    { body: { type: "run_status", status: "queued", detail: "changes requested" } },
  ]);
}
