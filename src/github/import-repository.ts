import { IMPORT_CHANNEL } from "#imports/import-channel.ts";
import { lockUntouched } from "#imports/lock-untouched.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

// One that failed may begin again; one that is on its way, or done, stays.
const BEGIN = `
INSERT INTO code_imports (agent_id, user_id, source, installation_id, repository_id, branch)
SELECT $1, $2, 'repository', installation_id, r.repository_id, coalesce($3, r.default_branch)
  FROM github_repositories r JOIN github_installation_users USING (user_id, installation_id)
  WHERE user_id = $2 AND r.state = 'active'
ON CONFLICT (agent_id) DO UPDATE
   SET source = excluded.source, installation_id = excluded.installation_id, repository_id = excluded.repository_id,
       branch = excluded.branch, upload_id = NULL, file_name = NULL, fingerprint = NULL, upload_key = NULL,
       state = 'pending', commit_sha = NULL, tree_hash = NULL, files_total = NULL, files_done = 0, skipped = '[]',
       error = NULL, code = NULL, reason = NULL, entry = NULL, attempts = 0, owner = NULL,
       lease_until = NULL, ended_at = NULL
 WHERE code_imports.state = 'failed'`;

/**
 * Begins to bring the code of the user's repository into an agent that has done nothing yet. Messages that come
 * meanwhile wait for it.
 * @throws AppError conflict without a repository, or when the agent has begun already
 */
export async function requestImport(
  db: Database,
  given: { userId: string; agentId: string; branch: string | null },
): Promise<void> {
  await inTransaction(db.pool, async (client) => {
    const { userId, agentId, branch } = given;
    await lockUntouched(client, userId, agentId);
    const { rowCount } = await client.query(BEGIN, [agentId, userId, branch]);
    if (!rowCount) throw await whyNot(client, userId);
    await client.query("SELECT pg_notify($1, '')", [IMPORT_CHANNEL]);
  });
}

async function whyNot(client: { query: Database["pool"]["query"] }, userId: string): Promise<AppError> {
  const { rowCount } = await client.query(
    `SELECT FROM github_repositories JOIN github_installation_users USING (user_id, installation_id)
      WHERE user_id = $1 AND state = 'active'`,
    [userId],
  );
  return rowCount
    ? new AppError("conflict", "The code is in this agent already, or on its way.")
    : new AppError("conflict", "No repository is connected.", { details: { missing: ["repository"] } });
}
