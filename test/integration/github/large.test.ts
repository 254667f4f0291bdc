import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  type Author,
  approve,
  type Files,
  type PublishingDesk,
  startPublishingDesk,
  untilPublished,
} from "../../support/publishing.ts";
import { until } from "../../support/runs.ts";

vi.setConfig({ testTimeout: 300_000 });

// As many files as a result may hold, from the approval to the pull request.
let desk: PublishingDesk;
let author: Author;

beforeAll(async () => {
  desk = await startPublishingDesk({ repositories: [{ owner: "alice", name: "desk", autoInit: true }] });
  author = await desk.connect({ owner: "alice", name: "desk", agent: "Large" });
  await desk.startPublisher();
}, 120_000);

afterAll(() => desk?.stop());

const BRANCH = "carrel/large";
const git = (...args: string[]) => desk.fake.git.git("alice", "desk", ...args);
const FILES: Files = Object.fromEntries(
  Array.from({ length: 5_000 }, (_, n) => [
    `src/part-${n % 50}/file-${n}.js`,
    `export const value = ${n};\n`,
  ]),
);

/** Publishes and gives what was asked of GitHub meanwhile: its API, and git. */
async function publish(files: Files): Promise<{ api: string[]; git: string[] }> {
  const { requests } = desk.fake.state;
  const from = requests.length;
  const number = await approve(desk.database.db, author, files);
  const { publishing } = await untilPublished(desk.database.db, author, number);
  expect(desk.fake.violations).toEqual([]);
  expect(publishing).toMatchObject({ state: "published", branch: BRANCH, pullRequestNumber: 1 });
  // A new pull request is looked at once more, which makes the counts those of the whole.
  await until("nothing is in doubt", async () => {
    const { rowCount } = await desk.database.db.pool.query("SELECT FROM github_pull_requests WHERE doubt");
    return rowCount === 0;
  });
  await until("all tokens are revoked", async () =>
    [...desk.fake.state.tokens.values()].every(({ kind, revoked }) => kind !== "installation" || revoked),
  );
  const lines = requests.slice(from).map(({ method, path }) => `${method} ${path.replace(/[?].*/, "")}`);
  const isGit = (line: string) => line.includes(".git/");
  return { api: lines.filter((line) => !isGit(line)), git: lines.filter(isGit) };
}

/** What the repository on GitHub's side has received: loose objects, and packs of a hundred or more. */
async function received(): Promise<{ loose: number; packs: number }> {
  const said = await git("count-objects", "-v");
  const figure = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(said)?.[1]);
  return { loose: figure("count"), packs: figure("packs") };
}

test("a first version of 5,000 files takes 8 requests to the API and 5 of git's, as one of one file does", async () => {
  const asked = await publish(FILES);
  expect(asked.api).toHaveLength(8);
  expect(asked.git).toHaveLength(5);
  expect((await git("ls-tree", "-r", "--name-only", BRANCH)).split("\n")).toHaveLength(5_000);
});

test("the next, which changes one of them, sends five objects", async () => {
  const before = await received();
  const asked = await publish({ ...FILES, "src/part-7/file-7.js": "export const value = 'seven';\n" });
  expect(asked.api).toHaveLength(7);
  expect(asked.git).toHaveLength(5);
  // The commit, the three trees above the file, the file.
  expect(await received()).toEqual({ loose: before.loose + 5, packs: before.packs });
  expect(await git("diff", "--name-only", `${BRANCH}~1`, BRANCH)).toBe("src/part-7/file-7.js");
});
