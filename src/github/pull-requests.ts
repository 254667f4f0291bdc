import type { Sql } from "#platform/db.ts";

export type PullRequestState = "open" | "merged" | "closed";

/** What GitHub says of a pull request, in an answer or in a delivery. */
export interface PullRequestFacts {
  repositoryId: number;
  number: number;
  state: PullRequestState;
  branch: string;
  base: string;
  headSha: string;
  url: string;
  updatedAt: Date;
}

/** The part that answers and deliveries have in common. */
export interface GitHubPullRequest {
  number: number;
  state: string;
  merged?: boolean | null;
  merged_at?: string | null;
  html_url: string;
  updated_at: string;
  head: { ref: string; sha: string };
  base: { ref: string };
}

export function factsOf(repositoryId: number, pull: GitHubPullRequest): PullRequestFacts {
  const merged = pull.merged === true || typeof pull.merged_at === "string";
  return {
    repositoryId,
    number: pull.number,
    state: merged ? "merged" : pull.state === "closed" ? "closed" : "open",
    branch: pull.head.ref,
    base: pull.base.ref,
    headSha: pull.head.sha,
    url: pull.html_url,
    updatedAt: new Date(pull.updated_at),
  };
}

/** Keeps what GitHub just answered. A pull request that is new here is asked about once more: news may have come before it. */
export async function keepAnswer(sql: Sql, agentId: string, facts: PullRequestFacts): Promise<void> {
  const { repositoryId, number, state, branch, base, headSha, url, updatedAt } = facts;
  await sql.query(
    `INSERT INTO github_pull_requests (repository_id, number, agent_id, branch, base, head_sha, url, state, updated_at, doubt)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, true)
     ON CONFLICT (repository_id, number) DO UPDATE
        SET state = excluded.state, base = excluded.base, head_sha = excluded.head_sha, url = excluded.url,
            updated_at = excluded.updated_at, doubt = false
      WHERE github_pull_requests.updated_at <= excluded.updated_at`,
    [repositoryId, number, agentId, branch, base, headSha, url, state, updatedAt],
  );
}

// Of two states with the same time (GitHub's are whole seconds) the later cannot be told: the one that ends more is
// taken for now, and GitHub is asked.
const RANK = "array_position(ARRAY['open', 'closed', 'merged'], %)";
const rank = (column: string) => RANK.replace("%", column);

/**
 * Keeps what a delivery said, whatever came before it: older news changes nothing, the same news again neither.
 * Of pull requests that are not ours nothing is kept.
 */
export async function keepNews(sql: Sql, facts: PullRequestFacts): Promise<void> {
  const { repositoryId, number, state, base, headSha, url, updatedAt } = facts;
  await sql.query(
    `UPDATE github_pull_requests p SET
        doubt = p.doubt OR (p.updated_at = $3 AND (p.state, p.head_sha) <> ($4, $5)),
        state = CASE WHEN p.updated_at < $3 OR ${rank("$4::text")} > ${rank("p.state")} THEN $4 ELSE p.state END,
        head_sha = CASE WHEN p.updated_at < $3 OR $5 > p.head_sha THEN $5 ELSE p.head_sha END,
        base = CASE WHEN p.updated_at < $3 THEN $6 ELSE p.base END,
        url = CASE WHEN p.updated_at < $3 THEN $7 ELSE p.url END,
        updated_at = $3
      WHERE p.repository_id = $1 AND p.number = $2 AND p.updated_at <= $3`,
    [repositoryId, number, updatedAt, state, headSha, base, url],
  );
}

/** Something moved on a branch: the pull requests that start or end there are asked about. */
export async function doubtBranch(sql: Sql, repositoryId: number, branch: string): Promise<void> {
  await sql.query(
    `UPDATE github_pull_requests SET doubt = true
      WHERE repository_id = $1 AND state = 'open' AND (branch = $2 OR base = $2)`,
    [repositoryId, branch],
  );
}
