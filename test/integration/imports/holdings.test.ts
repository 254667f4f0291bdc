import { afterAll, beforeAll, expect, test } from "vitest";
import { deleteAgent } from "#agents/delete-agent.ts";
import { type ClaimedImport, claimImport } from "#imports/claim-import.ts";
import { endImport, noteFound, noteRestore, releaseImport, renewImport } from "#imports/hold-import.ts";
import { beginUpload } from "#imports/upload-row.ts";
import { inTransaction } from "#platform/db.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { type Desk, makeDesk } from "../../support/runs.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(() => database?.drop());

/** Its agent can be deleted: it counts. */
async function makeCountedDesk(): Promise<Desk> {
  const desk = await makeDesk(database.db);
  await database.db.pool.query("UPDATE quotas SET agents = 1 WHERE user_id = $1", [desk.userId]);
  return desk;
}

async function begin({ userId, agents: [agentId = ""] }: Desk, uploadId: string): Promise<string> {
  const given = { userId, agentId, fileName: "a.zip", branch: null, key: null };
  const upload = { ...given, uploadId, fingerprint: "f" };
  await inTransaction(database.db.pool, (client) => beginUpload(client, upload));
  return agentId;
}

const claim = async () => (await claimImport(database.db, "runner")) as ClaimedImport;

const rowOf = async (agentId: string) =>
  (await database.db.pool.query("SELECT * FROM code_imports WHERE agent_id = $1", [agentId])).rows[0];

test("an import of a deleted agent does not begin, and one that has begun puts nothing in place", async () => {
  const { db } = database;
  const waiting = await makeCountedDesk();
  const agentId = await begin(waiting, "u");
  await deleteAgent(db, waiting.userId, agentId);
  expect(await claim()).toBeNull();
  expect(await rowOf(agentId)).toMatchObject({
    state: "failed",
    attempts: 0,
    error: "The agent was deleted.",
  });

  const begun = await makeCountedDesk();
  await begin(begun, "u");
  const held = await claim();
  await deleteAgent(db, begun.userId, held.agentId);
  expect(await noteRestore(db, held, "tree")).toBe(false);
  expect(await rowOf(held.agentId)).toMatchObject({ state: "importing", tree_hash: null });
});

test("a runner that froze and lost its import has no say in the one that was asked for since", async () => {
  const { db } = database;
  const desk = await makeDesk(db);
  const agentId = await begin(desk, "first");
  const frozen = await claim();
  await db.pool.query("UPDATE code_imports SET lease_until = now() - interval '1 s' WHERE agent_id = $1", [
    agentId,
  ]);
  await endImport(db, await claim(), { message: "It is damaged." });
  await begin(desk, "second");
  // A runner of the release before this one, which claims without a name, would hold it by that of the last holder.
  expect(await rowOf(agentId)).toMatchObject({ state: "pending", attempts: 0, owner: null });
  const holder = await claim();
  expect(holder).toMatchObject({ uploadId: "second", attempts: frozen.attempts });

  const before = await rowOf(agentId);
  expect(await renewImport(db, frozen)).toBe(false);
  expect(await noteRestore(db, frozen, "tree of the first")).toBe(false);
  await noteFound(db, frozen, { commit: null, branch: "of the first", skipped: [] });
  await releaseImport(db, frozen);
  await endImport(db, frozen, null);
  expect(await rowOf(agentId)).toEqual(before);
  expect(await renewImport(db, holder)).toBe(true);
});
