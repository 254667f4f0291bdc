import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  approve,
  type PublishingDesk,
  startPublishingDesk,
  untilPublished,
} from "../../support/publishing.ts";

vi.setConfig({ testTimeout: 300_000 });

let desk: PublishingDesk;

beforeAll(async () => {
  desk = await startPublishingDesk({ repositories: [{ owner: "alice", name: "desk", autoInit: true }] });
}, 120_000);

afterAll(() => desk?.stop());

interface Pull {
  number: number;
  body: string;
  head: { sha: string };
}

/** Somebody's pull request from a branch of this name. */
async function openForeign(branch: string): Promise<Pull> {
  const { git } = desk.fake;
  const { gitBridge } = await import("../../fakes/github/git-bridge.ts");
  const bridge = gitBridge(desk.fake.state, git);
  await bridge.toGit("alice", "desk");
  const person = ["-c", "user.name=Person", "-c", "user.email=person@example.org"];
  const tree = await git.git("alice", "desk", "rev-parse", "main^{tree}");
  const commit = await git.git("alice", "desk", ...person, "commit-tree", tree, "-p", "main", "-m", "Theirs");
  await git.git("alice", "desk", "update-ref", `refs/heads/${branch}`, commit);
  await bridge.toApi("alice", "desk");
  const pull = await desk.fake.as<Pull>("alice", "POST", "/repos/alice/desk/pulls", {
    title: "Theirs",
    body: "Theirs alone.",
    head: branch,
    base: "main",
  });
  if (!pull) throw new Error("there is no pull request");
  return pull;
}

test("somebody else's pull request from a branch of the agent's name stays theirs", async () => {
  const { db } = desk.database;
  const author = await desk.connect({ owner: "alice", name: "desk", agent: "Foreign" });
  // As an attempt leaves it that had taken the name and sent nothing yet.
  await db.pool.query(
    `INSERT INTO github_lines (agent_id, repository_id, slug, ordinal, branch)
     VALUES ($1, $2, 'foreign', 1, 'carrel/foreign')`,
    [author.agentId, author.repositoryId],
  );
  const theirs = await openForeign("carrel/foreign");
  await desk.startPublisher();
  const number = await approve(db, author, { "a.js": "export const a = 1;\n" });
  const { publishing } = await untilPublished(db, author, number);
  expect(publishing).toMatchObject({ state: "published", branch: "carrel/foreign-2" });
  expect(publishing.pullRequestNumber).not.toBe(theirs.number);
  const after = await desk.fake.as<Pull>("alice", "GET", `/repos/alice/desk/pulls/${theirs.number}`);
  expect(after).toMatchObject({ body: "Theirs alone.", head: { sha: theirs.head.sha } });
  expect(desk.fake.violations).toEqual([]);
});
