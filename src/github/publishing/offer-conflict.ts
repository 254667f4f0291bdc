import type { Line } from "#github/publishing/line.ts";
import type { Sql } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";

/** Offers the agent's owner to have a conflict put right. Told twice, it is offered once. */
export async function offerConflict(
  sql: Sql,
  line: Line,
  conflict: { versionId: string; number: number; files: string[]; what: string; head: string },
): Promise<void> {
  const files = conflict.files.slice(0, 50).map((file) => `- ${file}`);
  const text = [
    `Version ${conflict.number} could not be published: it conflicts with ${conflict.what} in these files:`,
    ...files,
  ].join("\n");
  await sql.query(
    `INSERT INTO github_repairs (id, user_id, agent_id, source, kind, repository_id, head_sha, text, trusted, said_at)
     VALUES ($1, $2, $3, $4, 'conflict', $5, $6, $7, true, now()) ON CONFLICT (agent_id, source) DO NOTHING`,
    [
      newId(),
      line.userId,
      line.agentId,
      `conflict:${conflict.versionId}:${conflict.head}`,
      line.repositoryId,
      conflict.head,
      text,
    ],
  );
}
