import type pg from "pg";
import { appendEvents } from "#events/log.ts";
import { newId } from "#platform/ids.ts";

export interface NewVersion {
  agentId: string;
  treeHash: string;
  /** the run whose result it is */
  runId?: string;
  /** the version whose files it brings back */
  restoredFrom?: number;
}

/**
 * Stores a tree as the agent's next version and says so in the run's log. The caller holds the agent's lock, so that
 * numbers have no gap; the unique run id refuses a second version of one run.
 * @returns its number; null when the newest version is the same to the byte: then there is nothing to keep
 */
export async function addVersion(client: pg.PoolClient, version: NewVersion): Promise<number | null> {
  const { rows } = await client.query<{ number: number }>(
    `INSERT INTO versions (id, agent_id, number, tree_hash, run_id, restored_from)
     SELECT $1, $2, coalesce(newest.number, 0) + 1, $3, $4, $5
       FROM (SELECT) one LEFT JOIN (SELECT number, tree_hash FROM versions WHERE agent_id = $2 ORDER BY number DESC LIMIT 1) newest ON true
      WHERE newest.tree_hash IS DISTINCT FROM $3 RETURNING number`,
    [newId(), version.agentId, version.treeHash, version.runId ?? null, version.restoredFrom ?? null],
  );
  const number = rows[0]?.number ?? null;
  if (version.runId) await tell(client, version.runId, number, version.treeHash);
  return number;
}

async function tell(
  client: pg.PoolClient,
  runId: string,
  number: number | null,
  treeHash: string,
): Promise<void> {
  await appendEvents(client, { runId }, [
    {
      body:
        number === null
          ? { type: "notice", level: "info", text: "The files are the same as in the version before." }
          : { type: "version_published", number, treeHash, state: "none" },
    },
  ]);
}
