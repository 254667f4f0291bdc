import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createGitHub, type GitHub } from "#github/app.ts";
import { handleDelivery } from "#github/handle-delivery.ts";
import { keepNews } from "#github/pull-requests.ts";
import { INBOX_CHANNEL, receiveDelivery } from "#github/receive-delivery.ts";
import { ERROR_CODES, isAppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import { createLogger } from "#platform/log.ts";
import { startInboxWorker } from "#runs/inbox-worker.ts";
import { type FakeGitHub, startFakeGitHub } from "../../fakes/github.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { SEALED_FOR_TESTS } from "../../support/github.ts";
import {
  dice,
  examplesOf,
  type StoryPull,
  shuffled,
  type Told,
  tellStory,
} from "../../support/github-story.ts";
import { makeDesk, until } from "../../support/runs.ts";

vi.setConfig({ testTimeout: 600_000 });

const DELIVERIES = 1_000;
const FORGED = 100;
const REPOSITORY = 4_711;

const log = createLogger("test", "silent");
let fake: FakeGitHub;
let inOrder: TestDatabase;
let anyhow: TestDatabase;

beforeAll(async () => {
  [fake, inOrder, anyhow] = await Promise.all([startFakeGitHub(), freshDatabase(), freshDatabase()]);
});

afterAll(async () => {
  await Promise.all([fake?.close(), inOrder?.drop(), anyhow?.drop()]);
});

const pulls = (): StoryPull[] =>
  [1, 2, 3].map((number) => ({
    repositoryId: REPOSITORY,
    number,
    branch: `carrel/desk-${number}`,
    state: "open",
    headSha: String(number).repeat(40),
  }));

/** The rows that publishing leaves: an agent, a version and a pull request for each. */
async function seed({ db }: TestDatabase): Promise<void> {
  for (const { number, branch, headSha } of pulls()) {
    const { userId, agents } = await makeDesk(db);
    const [agentId] = agents;
    const versionId = newId();
    await db.pool.query("UPDATE agents SET name = 'Desk one' WHERE id = $1", [agentId]);
    await db.pool.query("INSERT INTO versions (id, agent_id, number, tree_hash) VALUES ($1, $2, 1, $3)", [
      versionId,
      agentId,
      headSha,
    ]);
    await db.pool.query(
      `INSERT INTO github_publications (version_id, user_id, agent_id, repository_id, installation_id, state, branch, commit_sha, pull_request_number)
       VALUES ($1, $2, $3, $4, 1, 'published', $5, $6, $7)`,
      [versionId, userId, agentId, REPOSITORY, branch, headSha, number],
    );
    await db.pool.query(
      `INSERT INTO github_pull_requests (repository_id, number, agent_id, branch, base, head_sha, url, updated_at)
       VALUES ($1, $2, $3, $4, 'main', $5, 'https://github.com/ann/desk/pull/1', '2026-10-31T00:00:00Z')`,
      [REPOSITORY, number, agentId, branch, headSha],
    );
  }
}

interface Delivery {
  id: string;
  event: string;
  signature: string;
  body: Buffer;
}

function signed({ event, payload }: Told, secret = fake.state.app.webhookSecret): Delivery {
  const body = Buffer.from(JSON.stringify(payload));
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  return { id: randomUUID(), event, signature, body };
}

function gitHubFor({ db }: TestDatabase): GitHub {
  return createGitHub({
    db,
    log,
    apiUrl: fake.url,
    webUrl: fake.url,
    variables: fake.env,
    keySecret: SEALED_FOR_TESTS,
  });
}

/** Takes them in, one after the other, and works them off. @returns the statuses that they were answered with */
async function deliver(database: TestDatabase, deliveries: Delivery[]): Promise<number[]> {
  const github = gitHubFor(database);
  const statuses: number[] = [];
  for (const delivery of deliveries) {
    const status = await receiveDelivery(database.db, github, {
      ...delivery,
      body: async () => delivery.body,
    }).then(
      () => 202,
      (error: unknown) => (isAppError(error) ? ERROR_CODES[error.code].status : 500),
    );
    statuses.push(status);
  }
  const { db } = database;
  const worker = await startInboxWorker({
    db,
    databaseUrl: database.url,
    channel: INBOX_CHANNEL,
    log,
    handlers: {
      github: ({ type, payload, receivedAt }) =>
        handleDelivery({ db, github, log, receivedAt }, type, payload),
    },
  });
  await until(
    "the inbox is worked off",
    async () => (await db.pool.query("SELECT FROM inbox WHERE processed_at IS NULL LIMIT 1")).rowCount === 0,
    300_000,
  );
  await worker.stop();
  return statuses;
}

/** Everything that the events left, without what is each database's own. That there is doubt only means to ask once more. */
async function remembered({ db }: TestDatabase): Promise<unknown> {
  const read = async (sql: string) => (await db.pool.query(sql)).rows;
  return {
    pulls: await read(
      "SELECT number, state, head_sha, base, url, updated_at FROM github_pull_requests ORDER BY number",
    ),
    signals: await read("SELECT * FROM github_signals ORDER BY kind, external_id"),
    repairs: await read(
      `SELECT source, kind, pull_request_number, head_sha, author, text, url, trusted, state, said_at FROM github_repairs ORDER BY source`,
    ),
    errors: await read("SELECT type, error FROM inbox WHERE error IS NOT NULL"),
    kept: await read("SELECT count(*) AS n FROM inbox"),
  };
}

test("1,000 events, shuffled, each up to three times, with forged ones between, leave what they leave in order", async () => {
  await Promise.all([seed(inOrder), seed(anyhow)]);
  const roll = dice(20_261_130);
  const ends = pulls();
  const story = tellStory(ends, DELIVERIES, roll);
  const deliveries = story.map((told) => signed(told));
  const forged = shuffled(story, roll)
    .slice(0, FORGED)
    .map(({ event, payload }) =>
      signed({ event, payload: { ...payload, action: "closed" } }, "not the secret"),
    );
  const repeated = deliveries.flatMap((delivery) => Array.from({ length: 1 + roll(3) }, () => delivery));
  const mixed = shuffled([...repeated, ...forged], roll);

  await deliver(inOrder, deliveries);
  const statuses = await deliver(anyhow, mixed);

  const isForged = new Set(forged);
  for (const [index, delivery] of mixed.entries())
    expect(statuses[index]).toBe(isForged.has(delivery) ? 401 : 202);
  const left = await remembered(anyhow);
  expect(left).toEqual(await remembered(inOrder));
  expect(left).toMatchObject({
    pulls: ends.map(({ number, state, headSha }) => ({ number, state, head_sha: headSha })),
    errors: [],
    kept: [{ n: DELIVERIES }],
  });
});

test("two states of the same second are told apart by nobody here: GitHub is asked", async () => {
  const { db } = anyhow;
  const at = new Date("2027-01-01T00:00:00Z");
  const facts = {
    repositoryId: REPOSITORY,
    number: 1,
    branch: "carrel/desk-1",
    base: "main",
    headSha: "f".repeat(40),
    url: "u",
    updatedAt: at,
  };
  await db.pool.query("UPDATE github_pull_requests SET doubt = false");
  await keepNews(db.pool, { ...facts, state: "open" });
  await keepNews(db.pool, { ...facts, state: "open" });
  const doubt = async () =>
    (await db.pool.query("SELECT state, doubt FROM github_pull_requests WHERE number = 1")).rows;
  expect(await doubt()).toEqual([{ state: "open", doubt: false }]);
  await keepNews(db.pool, { ...facts, state: "closed" });
  expect(await doubt()).toEqual([{ state: "closed", doubt: true }]);
});

const OURS = [
  "check_run",
  "check_suite",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "push",
];

test.each(OURS)(
  "every published example of %s is worked off, and leaves nothing where it is not about ours",
  async (event) => {
    const before = await remembered(anyhow);
    expect(examplesOf(event).length).toBeGreaterThan(0);
    for (const payload of examplesOf(event))
      await handleDelivery(
        { db: anyhow.db, github: gitHubFor(anyhow), log, receivedAt: new Date() },
        event,
        payload,
      );
    expect(await remembered(anyhow)).toEqual(before);
  },
);
