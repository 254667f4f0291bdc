import type pg from "pg";
import { appendEvents } from "#events/log.ts";
import { type Holding, LetGo } from "#github/publishing/holding.ts";
import { keepAnswer, type PullRequestFacts } from "#github/pull-requests.ts";
import { type Database, inTransaction, type Sql } from "#platform/db.ts";

/** Why a version is not in the repository, in words for its owner and in parts for a page. */
export interface Reason {
  code: string;
  message: string;
  places?: { path: string; line?: number; message?: string }[];
}

/** How a version's way ended, or where it waits for a person. */
export type Outcome =
  | { state: "published" | "unchanged" }
  | { state: "blocked" | "conflict" | "failed"; reason: Reason };

const HELD = "owner = $1 AND state = 'publishing' AND lease_until > clock_timestamp()";

/**
 * What the versions have been made into, before anything of it is sent: whoever goes on after a crash knows by it what
 * was ours. @throws LetGo when the claim is no longer held
 */
export async function keepCommits(
  db: Database,
  holding: Holding,
  branch: string,
  commits: [versionId: string, commit: string][],
): Promise<void> {
  const { rowCount } = await db.pool.query(
    `UPDATE github_publications p SET branch = $2, commit_sha = made.commit, updated_at = now()
       FROM unnest($3::text[], $4::text[]) AS made(version, commit)
      WHERE p.version_id = made.version AND ${HELD}`,
    [holding.claim.id, branch, commits.map(([version]) => version), commits.map(([, commit]) => commit)],
  );
  if (rowCount !== commits.length) throw new LetGo("the versions are another's");
}

/** Ends a version's way. @throws LetGo when the claim is no longer held */
export async function concludeVersion(
  client: pg.PoolClient,
  holding: Holding,
  versionId: string,
  outcome: Outcome,
  pullRequest: PullRequestFacts | null = null,
): Promise<void> {
  const { rows } = await client.query<{
    number: number;
    tree_hash: string;
    run_id: string | null;
    branch: string | null;
  }>(
    `UPDATE github_publications p
        SET state = $3, reason = $4, owner = NULL, lease_until = NULL, not_before = NULL, updated_at = now(),
            pull_request_number = coalesce($5, pull_request_number), pull_request_url = coalesce($6, pull_request_url)
       FROM versions v WHERE v.id = p.version_id AND p.version_id = $2 AND ${HELD}
     RETURNING v.number, v.tree_hash, v.run_id, p.branch`,
    [
      holding.claim.id,
      versionId,
      outcome.state,
      "reason" in outcome ? outcome.reason : null,
      pullRequest?.number ?? null,
      pullRequest?.url ?? null,
    ],
  );
  const version = rows[0];
  if (!version) throw new LetGo("the version is another's");
  if (!version.run_id) return;
  await appendEvents(client, { runId: version.run_id }, [
    {
      body: {
        type: "version_published",
        number: version.number,
        treeHash: version.tree_hash,
        state: outcome.state,
        ...(pullRequest && { pullRequest: pullRequest.url, pullRequestNumber: pullRequest.number }),
        ...("reason" in outcome && { reason: outcome.reason.message }),
      },
    },
  ]);
}

/** One outcome for each, all or none; `also`: what is to be there with them. */
export async function concludeVersions(
  db: Database,
  holding: Holding,
  outcomes: [versionId: string, outcome: Outcome][],
  pullRequest: PullRequestFacts | null = null,
  also: (client: pg.PoolClient) => Promise<void> = async () => undefined,
): Promise<void> {
  if (outcomes.length === 0) return;
  await inTransaction(db.pool, async (client) => {
    if (pullRequest) await keepAnswer(client, holding.claim.agentId, pullRequest);
    for (const [versionId, outcome] of outcomes)
      await concludeVersion(client, holding, versionId, outcome, pullRequest);
    await also(client);
  });
}

/** What the claim still holds. */
export async function heldVersions(sql: Sql, holding: Holding): Promise<string[]> {
  const { rows } = await sql.query<{ version_id: string }>(
    `SELECT version_id FROM github_publications p WHERE ${HELD}`,
    [holding.claim.id],
  );
  return rows.map(({ version_id }) => version_id);
}
