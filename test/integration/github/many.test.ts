import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { inTransaction } from "#platform/db.ts";
import { addPublishedVersion } from "#runs/transitions/add-published-version.ts";
import {
  type Author,
  type PublishingDesk,
  startPublishingDesk,
  storeTree,
  untilPublished,
} from "../../support/publishing.ts";
import { until } from "../../support/runs.ts";

vi.setConfig({ testTimeout: 300_000 });

// One user with 200 versions in a row, and another one with one, in the same installation.
let desk: PublishingDesk;
let greedy: Author;
let patient: Author;

beforeAll(async () => {
  desk = await startPublishingDesk({
    repositories: [
      { owner: "alice", name: "busy", autoInit: true },
      { owner: "alice", name: "quiet", autoInit: true },
    ],
  });
  greedy = await desk.connect({ owner: "alice", name: "busy", agent: "Busy" });
  patient = await desk.connect({ owner: "alice", name: "quiet", agent: "Quiet" });
}, 120_000);

afterAll(() => desk?.stop());

/** Versions `from` to `to` of an agent, and whatever else belongs to the same moment. */
async function approveAll(
  author: Author,
  from: number,
  to: number,
  also: () => Promise<string | null> = async () => null,
) {
  const { db } = desk.database;
  const trees: string[] = [];
  for (let number = from; number <= to; number += 1)
    trees.push(await storeTree(db, author.userId, { "count.txt": `${number}\n`, "same.txt": "same\n" }));
  const others = await also();
  await inTransaction(db.pool, async (client) => {
    for (const treeHash of trees) await addPublishedVersion(client, { agentId: author.agentId, treeHash });
    if (others) await addPublishedVersion(client, { agentId: patient.agentId, treeHash: others });
    // As if all of them had waited for an hour before the other's came.
    await client.query(
      "UPDATE github_publications SET created_at = created_at - interval '1 hour' WHERE agent_id = $1",
      [author.agentId],
    );
  });
}

const requestsAbout = (name: string) => {
  const all = desk.fake.state.requests.filter(({ path }) => path.startsWith(`/repos/alice/${name}`));
  return all.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
};
const gitRequests = (name: string) =>
  desk.fake.state.requests.filter(({ path }) => path.startsWith(`/alice/${name}.git/`)).length;

test("200 versions in a row do not take another user's turn", async () => {
  const { db } = desk.database;
  await approveAll(greedy, 1, 100);
  await desk.startPublisher();
  await until("the first hundred are taken", async () => {
    const { rows } = await db.pool.query("SELECT FROM github_publications WHERE state <> 'pending'");
    return rows.length === 100;
  });
  await approveAll(greedy, 101, 200, () => storeTree(db, patient.userId, { "a.txt": "a\n" }));
  await untilPublished(db, greedy, 200);
  const { rows } = await db.pool.query(
    `SELECT (SELECT updated_at FROM github_publications WHERE agent_id = $1)
              < (SELECT min(p.updated_at) FROM github_publications p JOIN versions v ON v.id = p.version_id
                  WHERE p.agent_id = $2 AND v.number > 100) AS "wasNext",
            array_agg(DISTINCT state) AS states FROM github_publications`,
    [patient.agentId, greedy.agentId],
  );
  expect(rows).toEqual([{ wasNext: true, states: ["published"] }]);
});

test("they are 200 commits in one pull request, and nothing else: 15 requests to the API at most, tokens included", async () => {
  const { fake } = desk;
  const git = (...args: string[]) => fake.git.git("alice", "busy", ...args);
  const subjects = (await git("log", "--reverse", "--format=%s", "main..carrel/busy")).split("\n");
  expect(subjects).toHaveLength(200);
  expect(subjects.map((subject) => Number(/^Version (\d+)/.exec(subject)?.[1]))).toEqual(
    Array.from({ length: 200 }, (_, index) => index + 1),
  );
  expect(await git("show", "carrel/busy:count.txt")).toBe("200");
  expect((await git("for-each-ref", "--format=%(refname:short)", "refs/heads")).split("\n").sort()).toEqual([
    "carrel/busy",
    "main",
  ]);
  expect(await fake.as("alice", "GET", "/repos/alice/busy/pulls?state=all")).toHaveLength(1);
  const looks = requestsAbout("busy").filter((line) => line === "GET /repos/alice/busy/pulls/1").length;
  const others = requestsAbout("busy").filter((line) => line !== "GET /repos/alice/busy/pulls/1");
  expect(others.map((line) => line.replace(/[0-9a-f]{40}/g, "*"))).toEqual([
    "GET /repos/alice/busy",
    "GET /repos/alice/busy/collaborators/alice/permission",
    "POST /repos/alice/busy/pulls",
    "GET /repos/alice/busy",
    "GET /repos/alice/busy/collaborators/alice/permission",
    "GET /repos/alice/busy/compare/*...*",
    "PATCH /repos/alice/busy/pulls/1",
  ]);
  // A new pull request is looked at once more, unless the second push has done so by then.
  expect([1, 2]).toContain(looks);
  const tokens = [...fake.state.tokens.values()].filter(
    ({ kind, repositoryIds }) => kind === "installation" && repositoryIds?.includes(greedy.repositoryId),
  );
  expect(tokens).toHaveLength(1 + looks);
  // Each token is made and revoked.
  expect(others.length + looks + 2 * tokens.length).toBeLessThanOrEqual(15);
  expect(gitRequests("busy")).toBeLessThanOrEqual(13);
  expect(fake.violations).toEqual([]);
});
