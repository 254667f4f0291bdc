import type pg from "pg";
import { giveUp } from "#github/publishing/give-up.ts";
import { LEASE_MS } from "#github/tunables.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";

/** An agent's waiting versions, held by one runner for as long as it renews. */
export interface Claim {
  /** the name of this holding: another one of the same versions has another */
  readonly id: string;
  readonly agentId: string;
  readonly userId: string;
  readonly installationId: number;
  readonly repositoryId: number;
  readonly versionIds: string[];
  /** how often these versions were tried, this time included */
  readonly attempt: number;
}

const IS_WAITING =
  "p.state IN ('pending', 'publishing') AND (p.lease_until IS NULL OR p.lease_until < now())";

// An agent's versions go in their order: while one has to wait, those after it do.
const IS_DUE = `
${IS_WAITING}
AND NOT EXISTS (SELECT FROM github_publications o WHERE o.agent_id = p.agent_id AND o.state = 'pending' AND o.not_before > now())`;

// The installation with the oldest waiting version. Its row is what runners agree by: who holds it decides.
const CHOOSE_INSTALLATION = `
SELECT i.id FROM github_installations i
  JOIN LATERAL (SELECT min(p.created_at) AS since FROM github_publications p
                 WHERE p.installation_id = i.id AND ${IS_DUE}) waiting ON waiting.since IS NOT NULL
 WHERE NOT EXISTS (SELECT FROM github_publications p WHERE p.installation_id = i.id AND p.lease_until >= now())
 ORDER BY waiting.since LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED`;

// A statement of its own, so that it sees what was decided while the row was locked. Who was served least recently is
// next, however much another user has waiting.
const CHOOSE_AGENT = `
SELECT p.agent_id, p.repository_id FROM github_publications p
 WHERE p.installation_id = $1 AND ${IS_DUE}
   AND NOT EXISTS (SELECT FROM github_publications o WHERE o.installation_id = $1 AND o.lease_until >= now())
 ORDER BY (SELECT max(d.updated_at) FROM github_publications d
            WHERE d.user_id = p.user_id AND d.state NOT IN ('pending', 'publishing')) NULLS FIRST, p.created_at
 LIMIT 1`;

const TAKE = `
UPDATE github_publications p
   SET state = 'publishing', owner = $4, lease_until = now() + $5 * interval '1 ms', attempts = attempts + 1, updated_at = now()
 WHERE p.installation_id = $1 AND p.agent_id = $2 AND p.repository_id = $3 AND ${IS_WAITING}
RETURNING version_id, user_id, attempts`;

interface Taken {
  version_id: string;
  user_id: string;
  attempts: number;
}

/** Takes the waiting versions of one agent, one agent at a time for each installation. null: nothing waits. */
export function claimPublishing(db: Database): Promise<Claim | null> {
  return inTransaction(db.pool, async (client) => {
    await giveUp(client);
    const installation = (await client.query<{ id: number }>(CHOOSE_INSTALLATION)).rows[0];
    if (!installation) return null;
    const chosen = await client.query<{ agent_id: string; repository_id: number }>(CHOOSE_AGENT, [
      installation.id,
    ]);
    const next = chosen.rows[0];
    if (!next) return null;
    const id = newId();
    const { rows } = await client.query<Taken>(TAKE, [
      installation.id,
      next.agent_id,
      next.repository_id,
      id,
      LEASE_MS,
    ]);
    return {
      id,
      agentId: next.agent_id,
      userId: (rows[0] as Taken).user_id,
      installationId: installation.id,
      repositoryId: next.repository_id,
      versionIds: rows.map(({ version_id }) => version_id),
      attempt: Math.max(...rows.map(({ attempts }) => attempts)),
    };
  });
}

/** @returns whether it is still held */
export async function renewClaim(db: Database, claim: Claim): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `UPDATE github_publications SET lease_until = now() + $2 * interval '1 ms'
      WHERE owner = $1 AND state = 'publishing' AND lease_until >= now()`,
    [claim.id, LEASE_MS],
  );
  return (rowCount ?? 0) > 0;
}

/** Lets go of what is left of the claim: at once, or not before some time has passed. */
export async function releaseClaim(
  sql: pg.Pool | pg.PoolClient,
  claim: Claim,
  again: { afterMs: number; reason?: object; countsAsAttempt: boolean },
): Promise<void> {
  await sql.query(
    `UPDATE github_publications
        SET state = 'pending', owner = NULL, lease_until = NULL, updated_at = now(), reason = coalesce($3, reason),
            not_before = now() + $2 * interval '1 ms', attempts = attempts - $4
      WHERE owner = $1 AND state = 'publishing'`,
    [claim.id, again.afterMs, again.reason ?? null, again.countsAsAttempt ? 0 : 1],
  );
}
