import type pg from "pg";
import { appendEvents } from "#events/log.ts";
import { newId } from "#platform/ids.ts";

/** How far a version has come on its way to a repository. "none": it is stored here and nowhere else. */
export interface Publishing {
  state: string;
  branch: string | null;
  commitSha: string | null;
  pullRequest: string | null;
}

export const NOT_PUBLISHED: Publishing = { state: "none", branch: null, commitSha: null, pullRequest: null };

/**
 * Stores the run's tree as the agent's next version and says so in the run's log. The caller holds the agent's
 * lock, so that numbers have no gap; the unique run id refuses a second version of one run.
 */
export async function addVersion(
  client: pg.PoolClient,
  version: { agentId: string; runId: string; treeHash: string },
): Promise<number> {
  const { rows } = await client.query<{ number: number }>(
    `INSERT INTO versions (id, agent_id, number, tree_hash, run_id, publishing)
     SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5 FROM versions WHERE agent_id = $2 RETURNING number`,
    [newId(), version.agentId, version.treeHash, version.runId, NOT_PUBLISHED],
  );
  const number = rows[0]?.number as number;
  await appendEvents(client, { runId: version.runId }, [
    {
      body: { type: "version_published", number, treeHash: version.treeHash, state: NOT_PUBLISHED.state },
    },
  ]);
  return number;
}
