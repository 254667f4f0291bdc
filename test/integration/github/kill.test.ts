import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeGitHub, startFakeGitHub } from "../../fakes/github.ts";
import { approve, connect, untilPublished } from "../../support/publishing.ts";
import { type Stack, startStack } from "../../support/stack.ts";

let fake: FakeGitHub;
let stack: Stack;

beforeAll(async () => {
  fake = await startFakeGitHub({ repositories: [{ owner: "alice", name: "desk", autoInit: true }] });
  stack = await startStack({ parts: ["runner"], env: fake.env });
}, 240_000);

afterAll(async () => {
  await stack?.stop();
  await fake?.close();
});

// Every request of a publishing. The runner is gone before the answer, and what was asked for happens all the same.
const MOMENTS: [string, RegExp][] = [
  ["asks for its token", /^POST \/app\/installations\/\d+\/access_tokens$/],
  ["looks at the repository", /^GET \/repos\/alice\/desk$/],
  ["begins to fetch", /^GET \/alice\/desk\.git\/info\/refs\?service=git-upload-pack$/],
  ["fetches", /^POST \/alice\/desk\.git\/git-upload-pack$/],
  ["begins to push", /^GET \/alice\/desk\.git\/info\/refs\?service=git-receive-pack$/],
  ["pushes", /^POST \/alice\/desk\.git\/git-receive-pack$/],
  ["opens the pull request", /^POST \/repos\/alice\/desk\/pulls$/],
  ["gives its token back", /^DELETE \/installation\/token$/],
];

/** Kills the runner when the request arrives. */
function killAt(moment: RegExp): { killed: Promise<void> } {
  const { requests } = fake.state;
  const { push } = requests;
  const { promise: killed, resolve, reject } = Promise.withResolvers<void>();
  requests.push = (...asked) => {
    if (asked.some(({ method, path }) => moment.test(`${method} ${path}`))) {
      requests.push = push;
      stack.kill("runner").then(resolve, reject);
    }
    return push.apply(requests, asked);
  };
  return { killed };
}

interface Pull {
  number: number;
  head: { ref: string };
}

test.each(MOMENTS)(
  "a runner killed when it %s leaves one pull request, one commit and one branch",
  async (name, moment) => {
    const { db } = stack.database;
    const agent = name.replaceAll(" ", "-");
    const author = await connect(db, fake, { owner: "alice", name: "desk", agent });
    const { killed } = killAt(moment);
    const number = await approve(db, author, { [`${agent}/a.js`]: `export const name = "${agent}";\n` });
    await killed;
    await stack.restart("runner");
    const { publishing } = await untilPublished(db, author, number);
    expect(publishing).toMatchObject({ state: "published", branch: `carrel/${agent}` });
    const pulls =
      (await fake.as<Pull[]>("alice", "GET", "/repos/alice/desk/pulls?state=all&per_page=100")) ?? [];
    const mine = pulls.filter(({ head }) => head.ref.startsWith(`carrel/${agent}`));
    expect(mine.map((pull) => pull.number)).toEqual([publishing.pullRequestNumber]);
    const git = (...args: string[]) => fake.git.git("alice", "desk", ...args);
    expect(await git("for-each-ref", "--format=%(refname)", `refs/heads/carrel/${agent}*`)).toBe(
      `refs/heads/carrel/${agent}`,
    );
    expect(await git("rev-list", "--count", `main..carrel/${agent}`)).toBe("1");
    const { rows } = await db.pool.query("SELECT number FROM versions WHERE agent_id = $1", [author.agentId]);
    expect(rows).toEqual([{ number: 1 }]);
    expect(fake.violations).toEqual([]);
  },
  300_000,
);

test("every branch has its pull request, and every pull request its branch", async () => {
  const refs = (
    await fake.git.git("alice", "desk", "for-each-ref", "--format=%(refname:short)", "refs/heads/carrel")
  ).split("\n");
  const pulls =
    (await fake.as<Pull[]>("alice", "GET", "/repos/alice/desk/pulls?state=all&per_page=100")) ?? [];
  expect(pulls.map(({ head }) => head.ref).sort()).toEqual(refs.sort());
  expect(refs).toHaveLength(MOMENTS.length);
});
