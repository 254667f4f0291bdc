import { afterAll, beforeAll, expect, test } from "vitest";
import { claimPublishing } from "#github/publishing/claim-work.ts";
import { claimImport } from "#imports/claim-import.ts";
import {
  type Author,
  approve,
  type PublishingDesk,
  startPublishingDesk,
  versionOf,
} from "../../support/publishing.ts";

let desk: PublishingDesk;
let author: Author;

beforeAll(async () => {
  desk = await startPublishingDesk({ repositories: [{ owner: "alice", name: "desk", autoInit: true }] });
  author = await desk.connect({ owner: "alice", name: "desk" });
}, 120_000);

afterAll(() => desk?.stop());

test("a version whose runner dies each time has failed in the end", async () => {
  const { db } = desk.database;
  const number = await approve(db, author, { "a.js": "1\n" });
  const died = (attempts: number) =>
    db.pool.query(
      `UPDATE github_publications SET state = 'publishing', attempts = $2, lease_until = now() - interval '1 s'
        WHERE agent_id = $1`,
      [author.agentId, attempts],
    );
  await died(7);
  expect(await claimPublishing(db)).toMatchObject({ attempt: 8 });
  await died(8);
  expect(await claimPublishing(db)).toBeNull();
  const { publishing } = await versionOf(db, author, number);
  expect(publishing).toMatchObject({ state: "failed", reason: { code: "attempts" } });
});

test("an import whose runner dies each time has failed in the end", async () => {
  const { db } = desk.database;
  await db.pool.query(
    `INSERT INTO code_imports (agent_id, user_id, installation_id, repository_id, branch, state, attempts, lease_until)
     VALUES ($1, $2, $3, $4, 'main', 'importing', 8, now() - interval '1 s')`,
    [author.agentId, author.userId, author.installationId, author.repositoryId],
  );
  expect(await claimImport(db, "runner")).toBeNull();
  const { rows } = await db.pool.query("SELECT state, error FROM code_imports");
  expect(rows).toEqual([{ state: "failed", error: expect.stringContaining("too often") }]);
});
