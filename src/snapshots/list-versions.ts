import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import type { Publishing } from "#snapshots/add-version.ts";

export interface VersionView {
  number: number;
  treeHash: string;
  runId: string | null;
  createdAt: string;
  publishing: Publishing;
}

interface VersionRow {
  number: number;
  tree_hash: string;
  run_id: string | null;
  created_at: Date;
  publishing: Publishing;
}

const SELECT = `
SELECT v.number, v.tree_hash, v.run_id, v.created_at, v.publishing
  FROM versions v JOIN agents a ON a.id = v.agent_id
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
  const { number, tree_hash: treeHash, run_id: runId, publishing } = row;
  return { number, treeHash, runId, createdAt: row.created_at.toISOString(), publishing };
}
