import type { Obstacle } from "#events/vocabulary.ts";
import { findObstacles } from "#github/find-obstacles.ts";
import { openScanner } from "#github/scanning/scan-files.ts";
import type { Database } from "#platform/db.ts";
import { readTree } from "#snapshots/read-tree.ts";

interface Surroundings {
  /** what the repository has of the agent's already */
  before: string | null;
  /** whether workflows may be changed; true without a repository, where nothing is lacking yet */
  workflows: boolean;
  directory: string | null;
}

const READ = `
SELECT coalesce(
         (SELECT v.tree_hash FROM github_publications p JOIN versions v ON v.id = p.version_id
           WHERE p.agent_id = a.id AND p.repository_id = r.repository_id AND p.state = 'published' AND p.commit_sha IS NOT NULL
           ORDER BY v.number DESC LIMIT 1),
         (SELECT tree_hash FROM code_imports
           WHERE agent_id = a.id AND repository_id = r.repository_id AND state = 'done')) AS before,
       coalesce(i.permissions->>'workflows' = 'write', r.repository_id IS NULL) AS workflows, l.directory
  FROM agents a
  LEFT JOIN github_repositories r ON r.user_id = a.user_id AND r.state = 'active'
  LEFT JOIN github_installations i ON i.id = r.installation_id
  LEFT JOIN github_lines l ON l.agent_id = a.id AND l.repository_id = r.repository_id
 WHERE a.id = $1`;

/**
 * What would keep a result from being published, so that a person knows before approving it. Publishing looks again.
 * Without a repository all of its files are searched: nothing of them was published yet.
 */
export async function foreseeObstacles(
  db: Database,
  result: { userId: string; agentId: string; treeHash: string },
  signal: AbortSignal,
): Promise<Obstacle[]> {
  const { userId, agentId, treeHash } = result;
  const { rows } = await db.pool.query<Surroundings>(READ, [agentId]);
  const { before = null, workflows = true, directory = null } = rows[0] ?? {};
  const isAtTop = directory === null || directory === "";
  const scanner = openScanner(signal);
  try {
    return await findObstacles(db, userId, {
      before: before ? await readTree(db, userId, before) : [],
      entries: await readTree(db, userId, treeHash),
      mayChangeWorkflows: workflows || !isAtTop,
      scanner,
    });
  } finally {
    await scanner.close();
  }
}
