import type { Sql } from "#platform/db.ts";

/** What somebody or something said of a pull request, as one event tells it. */
export interface Signal {
  repositoryId: number;
  kind: "check_run" | "check_suite" | "review";
  externalId: number;
  branch: string | null;
  pullRequestNumber: number | null;
  headSha: string;
  name: string;
  state: string;
  at: Date;
  /** of two with the same time the higher is the later */
  rank: number;
  url: string | null;
}

// Newest wins, whatever came first; only of branches that versions are on.
const KEEP = `
INSERT INTO github_signals AS s (repository_id, kind, external_id, branch, pull_request_number, head_sha, name, state, at, rank, url)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
 WHERE EXISTS (SELECT FROM github_publications WHERE repository_id = $1 AND (branch = $4 OR pull_request_number = $5))
ON CONFLICT (repository_id, kind, external_id) DO UPDATE
   SET branch = excluded.branch, pull_request_number = excluded.pull_request_number, head_sha = excluded.head_sha,
       name = excluded.name, state = excluded.state, at = excluded.at, rank = excluded.rank, url = excluded.url
 WHERE (s.at, s.rank, s.state) < (excluded.at, excluded.rank, excluded.state)`;

export async function keepSignal(sql: Sql, signal: Signal): Promise<void> {
  const { repositoryId, kind, externalId, branch, pullRequestNumber, headSha, name, state, at, rank, url } =
    signal;
  await sql.query(KEEP, [
    repositoryId,
    kind,
    externalId,
    branch,
    pullRequestNumber,
    headSha,
    name.slice(0, 200),
    state,
    at,
    rank,
    url,
  ]);
}
