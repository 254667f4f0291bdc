import type { Claim } from "#github/publishing/claim-work.ts";
import { distinctSlug, slugOf } from "#github/publishing/names.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** Where an agent's versions go, and how far they are there. */
export interface Line {
  agentId: string;
  agentName: string;
  userId: string;
  repositoryId: number;
  owner: string;
  name: string;
  slug: string;
  /** "": the top of the repository; null: not decided yet */
  directory: string | null;
  ordinal: number;
  branch: string | null;
  author: { name: string; email: string };
  /** the tree that the agent's work began with, where it began from this repository's code */
  importedTree: string | null;
}

interface Row {
  agent_name: string;
  owner: string;
  name: string;
  slug: string;
  directory: string | null;
  ordinal: number;
  branch: string | null;
  user_name: string | null;
  github_id: number | null;
  login: string | null;
  imported_tree: string | null;
}

/** The line of the claimed versions; the first of them begins it. @throws AppError conflict when the repository is no longer the user's */
export async function openLine(db: Database, claim: Claim): Promise<Line> {
  const found = await readLine(db, claim);
  if (found) return found;
  const { rows } = await db.pool.query<{ name: string }>("SELECT name FROM agents WHERE id = $1", [
    claim.agentId,
  ]);
  const slug = slugOf(rows[0]?.name ?? "", claim.agentId);
  for (const name of [slug, distinctSlug(slug, claim.agentId)]) {
    await db.pool.query(
      "INSERT INTO github_lines (agent_id, repository_id, slug) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
      [claim.agentId, claim.repositoryId, name],
    );
  }
  const line = await readLine(db, claim);
  if (!line)
    throw new AppError("conflict", "The repository is no longer connected.", {
      details: { reason: "disconnected" },
    });
  return line;
}

async function readLine(db: Database, claim: Claim): Promise<Line | null> {
  const { rows } = await db.pool.query<Row>(
    `SELECT a.name AS agent_name, r.owner, r.name, l.slug, l.directory, l.ordinal, l.branch,
            u.name AS user_name, g.github_id, g.login,
            (SELECT tree_hash FROM code_imports WHERE agent_id = a.id AND repository_id = $2 AND state = 'done') AS imported_tree
       FROM github_lines l
       JOIN agents a ON a.id = l.agent_id AND a.deleted_at IS NULL
       JOIN users u ON u.id = a.user_id
       JOIN github_repositories r ON r.user_id = a.user_id AND r.repository_id = l.repository_id AND r.state = 'active'
       JOIN github_installation_users i ON i.user_id = r.user_id AND i.installation_id = r.installation_id
       LEFT JOIN github_accounts g ON g.user_id = a.user_id
      WHERE l.agent_id = $1 AND l.repository_id = $2`,
    [claim.agentId, claim.repositoryId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    agentId: claim.agentId,
    agentName: row.agent_name,
    userId: claim.userId,
    repositoryId: claim.repositoryId,
    owner: row.owner,
    name: row.name,
    slug: row.slug,
    directory: row.directory,
    ordinal: row.ordinal,
    branch: row.branch,
    author: authorOf(row),
    importedTree: row.imported_tree,
  };
}

/** Never an address of their own: what is pushed is public for good. */
function authorOf(row: Row): { name: string; email: string } {
  if (row.login && row.github_id)
    return { name: row.login, email: `${row.github_id}+${row.login}@users.noreply.github.com` };
  return { name: "Carrel user", email: "carrel@users.noreply.github.com" };
}

/**
 * Decides for good where in the repository the agent's files stand. Agents that began with the repository's own code
 * share its top. @returns false when the top is another agent's
 */
export async function placeLine(db: Database, line: Line, directory: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `UPDATE github_lines l SET directory = $3 WHERE agent_id = $1 AND repository_id = $2 AND directory IS NULL
        AND ($3 <> '' OR $4 OR NOT EXISTS (SELECT FROM github_lines o WHERE o.repository_id = $2 AND o.directory = ''))`,
    [line.agentId, line.repositoryId, directory, line.importedTree !== null],
  );
  return rowCount === 1;
}

/** The branch of the next pull request: its name is taken before anything has it. */
export async function takeBranch(db: Database, line: Line, branch: string, ordinal: number): Promise<void> {
  await db.pool.query(
    "UPDATE github_lines SET branch = $3, ordinal = $4 WHERE agent_id = $1 AND repository_id = $2 AND ordinal < $4",
    [line.agentId, line.repositoryId, branch, ordinal],
  );
}
