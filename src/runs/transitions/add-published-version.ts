import type pg from "pg";
import { queuePublishing } from "#github/request-publishing.ts";
import { addVersion, type NewVersion } from "#snapshots/add-version.ts";

/** The agent's next version, on its way to the repository where there is one. @returns as `addVersion` */
export async function addPublishedVersion(
  client: pg.PoolClient,
  version: NewVersion,
): Promise<number | null> {
  const number = await addVersion(client, version);
  if (number !== null) await queuePublishing(client, version.agentId, number);
  return number;
}
