import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** How far a version has come on its way to a repository. */
export interface PublishingView {
  state:
    | "none"
    | "pending"
    | "publishing"
    | "published"
    | "merged"
    | "closed"
    | "unchanged"
    | "blocked"
    | "conflict"
    | "failed";
  branch: string | null;
  commitSha: string | null;
  /** its address */
  pullRequest: string | null;
  pullRequestNumber: number | null;
  /** what this version changed of the one before, on GitHub */
  changesUrl: string | null;
  reason: PublishingReason | null;
}

export interface PublishingReason {
  code: string;
  message: string;
  places?: { path: string; line?: number; message?: string }[];
}

export interface VersionView {
  number: number;
  treeHash: string;
  runId: string | null;
  /** the version whose files this one brought back */
  restoredFrom: number | null;
  createdAt: string;
  publishing: PublishingView;
}

interface VersionRow {
  number: number;
  tree_hash: string;
  run_id: string | null;
  restored_from: number | null;
  created_at: Date;
  state: Exclude<PublishingView["state"], "none" | "merged" | "closed"> | null;
  branch: string | null;
  commit_sha: string | null;
  pull_request_url: string | null;
  pull_request_number: number | null;
  pull_request_state: "open" | "merged" | "closed" | null;
  reason: PublishingReason | null;
  commit_before: string | null;
}

const SELECT = `
SELECT v.number, v.tree_hash, v.run_id, v.restored_from, v.created_at, p.state, p.branch, p.commit_sha,
       p.pull_request_url, p.pull_request_number, r.state AS pull_request_state, p.reason,
       (SELECT q.commit_sha FROM github_publications q JOIN versions w ON w.id = q.version_id
         WHERE q.agent_id = v.agent_id AND q.repository_id = p.repository_id AND q.branch = p.branch
           AND q.state = 'published' AND w.number < v.number ORDER BY w.number DESC LIMIT 1) AS commit_before
  FROM versions v JOIN agents a ON a.id = v.agent_id
  LEFT JOIN github_publications p ON p.version_id = v.id
  LEFT JOIN github_pull_requests r ON r.repository_id = p.repository_id AND r.number = p.pull_request_number
 WHERE v.agent_id = $1 AND a.user_id = $2 AND a.deleted_at IS NULL`;

/** An agent's versions, newest first. The cursor is the last number seen. @throws AppError not_found */
export async function listVersions(
  db: Database,
  userId: string,
  agentId: string,
  page: { limit: number; cursor?: string | null } = { limit: 100 },
): Promise<{ versions: VersionView[]; nextCursor: string | null }> {
  const agent = await db.pool.query(
    "SELECT FROM agents WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL",
    [agentId, userId],
  );
  if (agent.rowCount === 0) throw new AppError("not_found", "There is no such agent.");
  const before = page.cursor ? Number(page.cursor) : null;
  if (page.cursor && !/^\d{1,9}$/.test(page.cursor))
    throw new AppError("bad_request", "The cursor is not one of ours.");
  const { rows } = await db.pool.query<VersionRow>(
    `${SELECT} AND ($3::int IS NULL OR v.number < $3) ORDER BY v.number DESC LIMIT $4`,
    [agentId, userId, before, page.limit + 1],
  );
  const versions = rows.slice(0, page.limit).map(toView);
  return { versions, nextCursor: rows.length > page.limit ? String(versions.at(-1)?.number) : null };
}

/** @throws AppError not_found */
export async function readVersion(
  db: Database,
  userId: string,
  agentId: string,
  number: number,
): Promise<VersionView> {
  const { rows } = await db.pool.query<VersionRow>(`${SELECT} AND v.number = $3`, [agentId, userId, number]);
  if (!rows[0]) throw new AppError("not_found", "There is no such version.");
  return toView(rows[0]);
}

function toView(row: VersionRow): VersionView {
  return {
    number: row.number,
    treeHash: row.tree_hash,
    runId: row.run_id,
    restoredFrom: row.restored_from,
    createdAt: row.created_at.toISOString(),
    publishing: publishingOf(row),
  };
}

function publishingOf(row: VersionRow): PublishingView {
  const { branch, commit_sha: commitSha, pull_request_url: url, pull_request_state: pull } = row;
  const isEnded = row.state === "published" && (pull === "merged" || pull === "closed");
  const isThere = row.state === "published";
  return {
    state: isEnded ? pull : (row.state ?? "none"),
    branch,
    // Until it is there, a commit is only what an attempt was about to send.
    commitSha: isThere ? commitSha : null,
    pullRequest: isThere ? url : null,
    pullRequestNumber: isThere ? row.pull_request_number : null,
    changesUrl: isThere && url ? changesUrl(url, row.commit_before, commitSha) : null,
    reason: row.reason,
  };
}

function changesUrl(pullRequest: string, before: string | null, commit: string | null): string {
  if (!before || !commit) return `${pullRequest}/files`;
  return pullRequest.replace(/\/pull\/\d+$/, `/compare/${before.slice(0, 12)}...${commit.slice(0, 12)}`);
}
