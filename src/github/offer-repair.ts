import type { Sql } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";

/** A reason for another run, as an event tells it. */
export interface RepairReason {
  repositoryId: number;
  /** told twice, it is offered once */
  source: string;
  kind: "comment" | "check";
  /** by what the agent is found: the pull request's number, or its branch */
  pullRequestNumber: number | null;
  branch: string | null;
  headSha: string;
  author: string | null;
  text: string;
  url: string | null;
  /** whoever said it may write to the repository */
  trusted: boolean;
  saidAt: Date;
}

const AGENT = `
SELECT DISTINCT p.agent_id, p.user_id FROM github_publications p
 WHERE p.repository_id = $2 AND ($3::int IS NOT NULL AND p.pull_request_number = $3 OR $4::text IS NOT NULL AND p.branch = $4)`;

/** Offers it to the owner of the agent whose pull request it is about. Later words of the same source take the place of earlier ones. */
export async function offerRepair(sql: Sql, reason: RepairReason): Promise<void> {
  const {
    repositoryId,
    source,
    kind,
    pullRequestNumber,
    branch,
    headSha,
    author,
    text,
    url,
    trusted,
    saidAt,
  } = reason;
  await sql.query(
    `INSERT INTO github_repairs AS r (id, agent_id, user_id, source, kind, repository_id, pull_request_number, head_sha,
                                      author, text, url, trusted, said_at)
     SELECT $1, agent_id, user_id, $5, $6, $2, $3, $7, $8, $9, $10, $11, $12 FROM (${AGENT}) agent
     ON CONFLICT (agent_id, source) DO UPDATE SET text = excluded.text, head_sha = excluded.head_sha, said_at = excluded.said_at, trusted = excluded.trusted
      WHERE r.state = 'offered' AND r.said_at < excluded.said_at`,
    [
      newId(),
      repositoryId,
      pullRequestNumber,
      branch,
      source,
      kind,
      headSha,
      author,
      text.slice(0, 20_000),
      url,
      trusted,
      saidAt,
    ],
  );
}

/** What was said was taken back. It is remembered, for the case that the saying arrives after the taking back. */
export async function withdrawRepair(
  sql: Sql,
  reason: Pick<
    RepairReason,
    "repositoryId" | "source" | "pullRequestNumber" | "branch" | "headSha" | "saidAt"
  >,
): Promise<void> {
  const { repositoryId, source, pullRequestNumber, branch, headSha, saidAt } = reason;
  await sql.query(
    `INSERT INTO github_repairs AS r (id, agent_id, user_id, source, kind, repository_id, pull_request_number, head_sha,
                                      text, said_at, state)
     SELECT $1, agent_id, user_id, $5, 'comment', $2, $3, $6, '', $7, 'withdrawn' FROM (${AGENT}) agent
     ON CONFLICT (agent_id, source) DO UPDATE
        SET state = 'withdrawn', text = '', head_sha = excluded.head_sha, author = NULL, url = NULL, trusted = false, said_at = excluded.said_at
      WHERE r.state = 'offered'`,
    [newId(), repositoryId, pullRequestNumber, branch, source, headSha, saidAt],
  );
}
