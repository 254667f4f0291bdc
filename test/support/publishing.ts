import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createGitHub, type GitHub } from "#github/app.ts";
import { type Publisher, startPublisher } from "#github/publisher.ts";
import { sha256 } from "#platform/crypto.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { createLogger } from "#platform/log.ts";
import { addPublishedVersion } from "#runs/transitions/add-published-version.ts";
import { listVersions, type VersionView } from "#snapshots/list-versions.ts";
import { sortEntries, type TreeEntry, treeHash } from "#snapshots/tree.ts";
import { type FakeGitHub, type FakeGitHubOptions, startFakeGitHub } from "../fakes/github.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";
import { makeDesk, until } from "./runs.ts";

/** A database, GitHub, and a publisher between them, in this process. */
export interface PublishingDesk {
  database: TestDatabase;
  fake: FakeGitHub;
  github: GitHub;
  home: string;
  startPublisher(): Promise<Publisher>;
  /** A user whose chosen repository is this one, with an agent. */
  connect(options: { owner: string; name: string; agent?: string }): Promise<Author>;
  stop(): Promise<void>;
}

export interface Author {
  userId: string;
  agentId: string;
  repositoryId: number;
  installationId: number;
}

export type Files = Record<string, string | Buffer | { content: string | Buffer; mode: TreeEntry["mode"] }>;

export async function startPublishingDesk(options: FakeGitHubOptions = {}): Promise<PublishingDesk> {
  const database = await freshDatabase();
  const fake = await startFakeGitHub(options);
  const home = await mkdtemp(path.join(tmpdir(), "carrel-publishing-"));
  const log = createLogger("test", "silent");
  const github = createGitHub({
    db: database.db,
    log,
    apiUrl: fake.url,
    webUrl: fake.url,
    variables: fake.env,
    keySecret: "a-secret-for-tests-of-the-github-app-only",
  });
  const publishers: Publisher[] = [];
  return {
    database,
    fake,
    github,
    home,
    async startPublisher() {
      const publisher = await startPublisher({
        db: database.db,
        databaseUrl: database.url,
        github,
        git: { directory: path.join(home, "git"), env: { PATH: process.env.PATH ?? "" } },
        log,
      });
      publishers.push(publisher);
      return publisher;
    },
    connect: (wanted) => connect(database.db, fake, wanted),
    async stop() {
      await Promise.all(publishers.map((publisher) => publisher.stop()));
      await fake.close();
      await database.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The rows that connecting and choosing leave behind. */
export async function connect(
  db: Database,
  fake: FakeGitHub,
  { owner, name, agent, userId }: { owner: string; name: string; agent?: string; userId?: string },
): Promise<Author> {
  const installationId = await fake.install(owner);
  const repository = await fake.as<{ id: number; default_branch: string }>(
    owner,
    "GET",
    `/repos/${owner}/${name}`,
  );
  const account = fake.state.accounts.find(({ login }) => login === owner);
  if (!repository || !account) throw new Error(`there is no ${owner}/${name}`);
  const desk = userId ? { userId, agents: [newId()] } : await makeDesk(db);
  const [agentId = ""] = desk.agents;
  await db.pool.query(
    `INSERT INTO agents (id, user_id, name, model, policy) VALUES ($1, $2, $3, 'demo', '{"approvePlan":false,"publish":"ask"}')
     ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
    [agentId, desk.userId, agent ?? "Weather desk"],
  );
  await db.pool.query(
    `INSERT INTO github_installations (id, account_id, account_login, account_type, repository_selection, permissions)
     VALUES ($1, $2, $3, $4, 'all', '{"contents":"write","pull_requests":"write"}') ON CONFLICT DO NOTHING`,
    [installationId, account.id, account.login, account.type],
  );
  await db.pool.query(
    "INSERT INTO github_accounts (user_id, github_id, login) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [desk.userId, account.id, account.login],
  );
  await db.pool.query(
    "INSERT INTO github_installation_users (user_id, installation_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    [desk.userId, installationId],
  );
  await db.pool.query(
    `INSERT INTO github_repositories (user_id, installation_id, repository_id, owner, name, default_branch, private)
     VALUES ($1, $2, $3, $4, $5, $6, false) ON CONFLICT DO NOTHING`,
    [desk.userId, installationId, repository.id, owner, name, repository.default_branch],
  );
  return { userId: desk.userId, agentId, repositoryId: repository.id, installationId };
}

/** Stores files as a tree. @returns its hash */
export async function storeTree(db: Database, userId: string, files: Files): Promise<string> {
  const entries = sortEntries(
    Object.entries(files).map(([name, given]): TreeEntry & { bytes: Buffer } => {
      const { content, mode } =
        typeof given === "string" || Buffer.isBuffer(given)
          ? { content: given, mode: "100644" as const }
          : given;
      const bytes = Buffer.from(content);
      return { path: name, mode, hash: sha256(bytes), size: bytes.length, bytes };
    }),
  ) as (TreeEntry & { bytes: Buffer })[];
  await db.pool.query(
    `INSERT INTO blobs (user_id, hash, size, content)
     SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bytea[]) ON CONFLICT DO NOTHING`,
    [
      userId,
      entries.map(({ hash }) => hash),
      entries.map(({ size }) => size),
      entries.map(({ bytes }) => bytes),
    ],
  );
  const plain = entries.map(({ bytes: _bytes, ...entry }) => entry);
  const hash = treeHash(plain);
  await db.pool.query(
    "INSERT INTO trees (user_id, hash, entries) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [userId, hash, JSON.stringify(plain)],
  );
  return hash;
}

/** An approved result, as a run leaves it. @returns the version's number */
export async function approve(
  db: Database,
  author: Author,
  files: Files,
  request = "Make something.",
): Promise<number> {
  const tree = await storeTree(db, author.userId, files);
  const runId = newId();
  await db.pool.query(
    "INSERT INTO runs (id, user_id, agent_id, status, engine, model) VALUES ($1, $2, $3, 'succeeded', 'builder', 'demo')",
    [runId, author.userId, author.agentId],
  );
  await db.pool.query(
    "INSERT INTO messages (id, user_id, agent_id, run_id, role, text) VALUES ($1, $2, $3, $4, 'user', $5)",
    [newId(), author.userId, author.agentId, runId, request],
  );
  const number = await inTransaction(db.pool, async (client) => {
    await client.query("SELECT FROM agents WHERE id = $1 FOR NO KEY UPDATE", [author.agentId]);
    return addPublishedVersion(client, { agentId: author.agentId, runId, treeHash: tree });
  });
  return number ?? 0;
}

export async function versionOf(db: Database, author: Author, number: number): Promise<VersionView> {
  const { versions } = await listVersions(db, author.userId, author.agentId);
  const version = versions.find((one) => one.number === number);
  if (!version) throw new Error(`there is no version ${number}`);
  return version;
}

/** Waits until the version's way has ended, and gives it. */
export async function untilPublished(
  db: Database,
  author: Author,
  number: number,
  withinMs = 240_000,
): Promise<VersionView> {
  await until(
    `the end of version ${number}'s way`,
    async () => !["pending", "publishing"].includes((await versionOf(db, author, number)).publishing.state),
    withinMs,
  );
  return versionOf(db, author, number);
}
