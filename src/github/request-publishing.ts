import type pg from "pg";
import { type Database, inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** The channel on which runners hear that there is something to publish. The rows are the truth. */
export const PUBLISHING_CHANNEL = "carrel_publishing";

// One that was refused or failed may be tried again; one that is on its way, or there, stays as it is.
const QUEUE = `
INSERT INTO github_publications (version_id, user_id, agent_id, repository_id, installation_id, state)
SELECT v.id, a.user_id, a.id, r.repository_id, r.installation_id, 'pending'
  FROM versions v JOIN agents a ON a.id = v.agent_id JOIN github_repositories r ON r.user_id = a.user_id AND r.state = 'active'
  JOIN github_installation_users u ON u.user_id = r.user_id AND u.installation_id = r.installation_id
 WHERE v.agent_id = $1 AND v.number = $2
ON CONFLICT (version_id) DO UPDATE
   SET state = 'pending', reason = NULL, attempts = 0, not_before = NULL, updated_at = now(),
       repository_id = excluded.repository_id, installation_id = excluded.installation_id
 WHERE github_publications.state IN ('blocked', 'conflict', 'failed', 'unchanged')
    OR (github_publications.state = 'pending' AND github_publications.not_before IS NOT NULL AND github_publications.owner IS NULL)`;

/**
 * Puts a version on its way, where its user has a repository. Inside the transaction that makes the version: both are
 * there or neither.
 */
export async function queuePublishing(client: pg.PoolClient, agentId: string, number: number): Promise<void> {
  const { rowCount } = await client.query(QUEUE, [agentId, number]);
  if (rowCount) await client.query("SELECT pg_notify($1, '')", [PUBLISHING_CHANNEL]);
}

/**
 * A person asks for it: to publish what was made before there was a repository, or to try again.
 * @throws AppError conflict without a repository, or when a newer version is there already
 */
export async function requestPublishing(
  db: Database,
  version: { userId: string; agentId: string; number: number },
): Promise<void> {
  await inTransaction(db.pool, async (client) => {
    await client.query("SELECT FROM agents WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE", [
      version.agentId,
      version.userId,
    ]);
    await requireRepository(client, version.userId);
    await requireNewest(client, version.agentId, version.number);
    await queuePublishing(client, version.agentId, version.number);
  });
}

async function requireRepository(client: pg.PoolClient, userId: string): Promise<void> {
  const { rows } = await client.query<{ state: string }>(
    `SELECT CASE WHEN u.user_id IS NULL THEN 'out_of_reach' ELSE r.state END AS state
       FROM github_repositories r LEFT JOIN github_installation_users u USING (user_id, installation_id)
      WHERE r.user_id = $1`,
    [userId],
  );
  if (rows[0]?.state === "active") return;
  throw new AppError(
    "conflict",
    rows[0] ? "The repository can no longer be reached. Choose another one." : "No repository is connected.",
    { details: { missing: ["repository"] } },
  );
}

async function requireNewest(client: pg.PoolClient, agentId: string, number: number): Promise<void> {
  const { rows } = await client.query<{ number: number }>(
    `SELECT v.number FROM github_publications p JOIN versions v ON v.id = p.version_id
      WHERE p.agent_id = $1 AND v.number > $2 AND p.state = 'published' ORDER BY v.number DESC LIMIT 1`,
    [agentId, number],
  );
  if (!rows[0]) return;
  const here = await client.query(
    `SELECT FROM github_publications p JOIN versions v ON v.id = p.version_id
      WHERE p.agent_id = $1 AND v.number = $2 AND p.state = 'published'`,
    [agentId, number],
  );
  if (here.rowCount) return;
  throw new AppError(
    "conflict",
    `Version ${rows[0].number} is published already. To go back to version ${number}, restore it: that makes a new version.`,
  );
}
