import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/**
 * Takes the agent away from its user and makes room for another; what it cost stays in the ledger. Ending its runs
 * and removing its files is the caller's: both are above this room.
 * @throws AppError not_found
 */
export async function deleteAgent(db: Database, userId: string, agentId: string): Promise<void> {
  const { rowCount } = await db.pool.query(
    `WITH gone AS (
       UPDATE agents SET deleted_at = now() WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL RETURNING id, user_id
     ), forgotten AS (
       DELETE FROM agent_secrets USING gone WHERE agent_secrets.agent_id = gone.id
     )
     UPDATE quotas SET agents = agents - 1 FROM gone WHERE quotas.user_id = gone.user_id`,
    [agentId, userId],
  );
  if (rowCount === 0) throw new AppError("not_found", "There is no such agent.");
}
