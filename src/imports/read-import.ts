import type { Fault } from "#imports/faults.ts";
import type { Database } from "#platform/db.ts";
import type { ErrorCode } from "#platform/errors.ts";

export interface ImportState {
  source: "repository" | "upload";
  state: "pending" | "importing" | "done" | "failed";
  /** "" where it comes from none */
  repository: string;
  /** "" where there is none */
  branch: string;
  /** the uploaded file's own name */
  fileName: string | null;
  commitSha: string | null;
  filesTotal: number | null;
  filesDone: number;
  /** what was left out, and why */
  skipped: { path: string; reason: "link" | "submodule" | "too_large" | "not_kept" | "path" }[];
  error: string | null;
  code: ErrorCode | null;
  /** what is wrong with an uploaded file */
  reason: Fault | null;
  /** the entry of it that has the fault */
  entry: string | null;
}

const READ = `
SELECT i.source, i.state, coalesce(r.owner || '/' || r.name, '') AS repository, coalesce(i.branch, '') AS branch,
       i.file_name AS "fileName", i.commit_sha AS "commitSha", i.files_total AS "filesTotal",
       i.files_done AS "filesDone", i.skipped, i.error, i.code, i.reason, i.entry
  FROM code_imports i JOIN agents a ON a.id = i.agent_id AND a.deleted_at IS NULL
  LEFT JOIN github_repositories r ON r.user_id = i.user_id AND r.repository_id = i.repository_id
 WHERE i.agent_id = $1 AND i.user_id = $2`;

/** null: nothing was ever imported into this agent */
export async function readImport(db: Database, userId: string, agentId: string): Promise<ImportState | null> {
  const { rows } = await db.pool.query<ImportState>(READ, [agentId, userId]);
  return rows[0] ?? null;
}
