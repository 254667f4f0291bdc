import { type Database, inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** The channel on which runners hear that there is something to import. The rows are the truth. */
export const IMPORT_CHANNEL = "carrel_imports";

export interface ImportState {
  state: "pending" | "importing" | "done" | "failed";
  repository: string;
  branch: string;
  commitSha: string | null;
  filesTotal: number | null;
  filesDone: number;
  /** what was left out, and why */
  skipped: { path: string; reason: "link" | "submodule" | "too_large" | "not_kept" | "path" }[];
  error: string | null;
}

const READ = `
SELECT i.state, coalesce(r.owner || '/' || r.name, '') AS repository, i.branch, i.commit_sha AS "commitSha",
       i.files_total AS "filesTotal", i.files_done AS "filesDone", i.skipped, i.error
  FROM github_imports i JOIN agents a ON a.id = i.agent_id AND a.deleted_at IS NULL
  LEFT JOIN github_repositories r ON r.user_id = i.user_id AND r.repository_id = i.repository_id
 WHERE i.agent_id = $1 AND i.user_id = $2`;

/** null: nothing was ever imported into this agent */
export async function readImport(db: Database, userId: string, agentId: string): Promise<ImportState | null> {
  const { rows } = await db.pool.query<ImportState>(READ, [agentId, userId]);
  return rows[0] ?? null;
}

// One that failed may begin again; one that is on its way, or done, stays.
const BEGIN = `
INSERT INTO github_imports (agent_id, user_id, installation_id, repository_id, branch)
SELECT $1, $2, installation_id, r.repository_id, coalesce($3, r.default_branch)
  FROM github_repositories r JOIN github_installation_users USING (user_id, installation_id)
  WHERE user_id = $2 AND r.state = 'active'
ON CONFLICT (agent_id) DO UPDATE
   SET installation_id = excluded.installation_id, repository_id = excluded.repository_id, branch = excluded.branch,
       state = 'pending', commit_sha = NULL, tree_hash = NULL, files_total = NULL, files_done = 0, skipped = '[]',
       error = NULL, attempts = 0, lease_until = NULL, ended_at = NULL
 WHERE github_imports.state = 'failed'`;

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
    await client.query("SELECT FROM agents WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE", [
      agentId,
      userId,
    ]);
    const begun = await client.query(
      "SELECT FROM runs WHERE agent_id = $1 AND started_at IS NOT NULL LIMIT 1",
      [agentId],
    );
    if (begun.rowCount)
      throw new AppError("conflict", "This agent has worked already. Import into a new one.");
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
