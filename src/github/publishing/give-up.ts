import type pg from "pg";
import { appendEvents } from "#events/log.ts";
import { CLAIMS_MOST } from "#github/tunables.ts";

const GIVE_UP = `
UPDATE github_publications p
   SET state = 'failed', reason = $2, owner = NULL, lease_until = NULL, not_before = NULL, updated_at = now()
  FROM versions v
 WHERE v.id = p.version_id AND p.state = 'publishing' AND p.attempts >= $1 AND p.lease_until < now()
RETURNING v.number, v.tree_hash AS "treeHash", v.run_id AS "runId"`;

const REASON = { code: "attempts", message: "Publishing was cut short too often. Try again." };

/** Ends the way of versions whose runner died each time before it could say why. */
export async function giveUp(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ number: number; treeHash: string; runId: string | null }>(GIVE_UP, [
    CLAIMS_MOST,
    REASON,
  ]);
  for (const { runId, number, treeHash } of rows) {
    if (!runId) continue;
    const body = {
      type: "version_published",
      number,
      treeHash,
      state: "failed",
      reason: REASON.message,
    } as const;
    await appendEvents(client, { runId }, [{ body }]);
  }
}
