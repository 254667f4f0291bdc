import { slugOf } from "#github/publishing/names.ts";
import type { Database } from "#platform/db.ts";

/** Whether the text calls the agent whose pull request it stands in: by its own name, or as @carrel. */
export async function mentionsAgent(
  db: Database,
  text: string,
  pullRequest: { repositoryId: number; number: number },
): Promise<boolean> {
  const called = [...text.matchAll(/(?<![\w@/.-])@([a-z0-9][a-z0-9-]{0,60})/gi)].map(([, name]) =>
    name?.toLowerCase(),
  );
  if (called.length === 0) return false;
  const { rows } = await db.pool.query<{ id: string; name: string; slug: string | null }>(
    `SELECT a.id, a.name, l.slug FROM github_pull_requests p JOIN agents a ON a.id = p.agent_id
       LEFT JOIN github_lines l ON l.agent_id = a.id AND l.repository_id = p.repository_id
      WHERE p.repository_id = $1 AND p.number = $2`,
    [pullRequest.repositoryId, pullRequest.number],
  );
  const [agent] = rows;
  if (!agent) return false;
  return ["carrel", agent.slug, slugOf(agent.name, agent.id)].some((name) =>
    called.includes(name ?? undefined),
  );
}

/**
 * Whether their words may begin something by themselves: the owner's may, and nobody else's. Members and collaborators
 * may be people who can only read; what they say is offered.
 */
export function isTrusted(association: string, user: { type?: string } | null | undefined): boolean {
  return user?.type === "User" && association === "OWNER";
}
