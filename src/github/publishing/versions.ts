import type { Claim } from "#github/publishing/claim-work.ts";
import type { Line } from "#github/publishing/line.ts";
import type { Database } from "#platform/db.ts";

/** A version on its way. */
export interface WaitingVersion {
  id: string;
  number: number;
  treeHash: string;
  runId: string | null;
  restoredFrom: number | null;
  createdAt: Date;
  /** what it was made into by an attempt before this one, on `branch` */
  commitSha: string | null;
  branch: string | null;
}

/** A version that the repository has, on the line's branch or merged. */
export interface PresentVersion {
  number: number;
  treeHash: string;
  commitSha: string;
}

export async function claimedVersions(db: Database, claim: Claim): Promise<WaitingVersion[]> {
  const { rows } = await db.pool.query<WaitingVersion>(
    `SELECT v.id, v.number, v.tree_hash AS "treeHash", v.run_id AS "runId", v.restored_from AS "restoredFrom",
            v.created_at AS "createdAt", p.commit_sha AS "commitSha", p.branch
       FROM github_publications p JOIN versions v ON v.id = p.version_id
      WHERE p.owner = $1 AND p.state = 'publishing' ORDER BY v.number`,
    [claim.id],
  );
  return rows;
}

/** The newest version that is on the branch, or, for a new branch, in what was merged. */
export async function presentVersion(
  db: Database,
  line: Line,
  branch: string,
): Promise<PresentVersion | null> {
  const { rows } = await db.pool.query<PresentVersion>(
    `SELECT v.number, v.tree_hash AS "treeHash", p.commit_sha AS "commitSha"
       FROM github_publications p JOIN versions v ON v.id = p.version_id
       LEFT JOIN github_pull_requests r ON r.repository_id = p.repository_id AND r.number = p.pull_request_number
      WHERE p.agent_id = $1 AND p.repository_id = $2 AND p.state = 'published' AND p.commit_sha IS NOT NULL
        AND (p.branch = $3 OR r.state = 'merged')
      ORDER BY v.number DESC LIMIT 1`,
    [line.agentId, line.repositoryId, branch],
  );
  return rows[0] ?? null;
}
