import { type Database, inTransaction } from "#platform/db.ts";
import { requireIdleAgent } from "#runs/require-idle-agent.ts";
import { addPublishedVersion } from "#runs/transitions/add-published-version.ts";
import { lockAgent } from "#runs/transitions/lock-agent.ts";
import { readVersion, type VersionView } from "#snapshots/list-versions.ts";

/**
 * Goes back to a version by a new one: the agent's directory holds exactly its files, and where an older version's files
 * are wanted again, that is the next version, published like any other.
 * @returns the version that stands now
 * @throws AppError not_found; conflict while a run is on
 */
export async function restoreVersion(
  db: Database,
  version: { userId: string; agentId: string; number: number },
  putBack: (treeHash: string) => Promise<void>,
): Promise<VersionView> {
  const { userId, agentId, number } = version;
  const wanted = await readVersion(db, userId, agentId, number);
  await requireIdleAgent(db, userId, agentId);
  await putBack(wanted.treeHash);
  const made = await inTransaction(db.pool, async (client) => {
    await lockAgent(client, userId, agentId);
    return addPublishedVersion(client, { agentId, treeHash: wanted.treeHash, restoredFrom: number });
  });
  // null: the newest version has these files already.
  return made === null ? newest(db, version) : readVersion(db, userId, agentId, made);
}

async function newest(
  db: Database,
  { userId, agentId }: { userId: string; agentId: string },
): Promise<VersionView> {
  const { rows } = await db.pool.query<{ number: number }>(
    "SELECT max(number) AS number FROM versions WHERE agent_id = $1",
    [agentId],
  );
  return readVersion(db, userId, agentId, rows[0]?.number ?? 0);
}
