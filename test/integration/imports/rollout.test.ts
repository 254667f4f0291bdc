import { afterAll, beforeAll, expect, test } from "vitest";
import { claimImport } from "#imports/claim-import.ts";
import { readImport } from "#imports/read-import.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { makeDesk } from "../../support/runs.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(() => database?.drop());

// As the release before this one says it.
const BEGIN = `
INSERT INTO github_imports (agent_id, user_id, installation_id, repository_id, branch) VALUES ($1, $2, 1, 2, 'main')
ON CONFLICT (agent_id) DO UPDATE SET state = 'pending', attempts = 0 WHERE github_imports.state = 'failed'`;
const CLAIM = `
UPDATE github_imports SET state = 'importing', attempts = attempts + 1, lease_until = now() + interval '1 min'
 WHERE agent_id = (SELECT i.agent_id FROM github_imports i WHERE i.state = 'pending'
                    ORDER BY i.created_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING agent_id AS "agentId"`;

test("imports of the release before go on while this one is rolled out, and those of this one are not touched by it", async () => {
  const { db } = database;
  const { userId, agents } = await makeDesk(db, { agents: 2 });
  const [old, fresh] = agents as [string, string];
  await db.pool.query(BEGIN, [old, userId]);
  await db.pool.query(BEGIN, [old, userId]);
  await db.pool.query(
    `INSERT INTO code_imports (agent_id, user_id, source, upload_id, file_name, fingerprint)
     VALUES ($1, $2, 'upload', 'u', 'a.zip', 'f')`,
    [fresh, userId],
  );
  expect((await db.pool.query(CLAIM)).rows).toEqual([{ agentId: old }]);
  expect((await db.pool.query(CLAIM)).rows).toEqual([]);
  expect(await readImport(db, userId, old)).toMatchObject({
    source: "repository",
    state: "importing",
    branch: "main",
  });
  expect(await claimImport(db, "runner")).toMatchObject({ agentId: fresh, source: "upload", uploadId: "u" });
});
