import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrate } from "#platform/migrate.ts";
import { emptyDatabase } from "../support/database.ts";
import { runNode } from "../support/run-node.ts";

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let dir: string;

beforeEach(async () => {
  database = await emptyDatabase();
  dir = await mkdtemp(path.join(tmpdir(), "carrel-migrations-"));
});

afterEach(async () => {
  await database.drop();
  await rm(dir, { recursive: true });
});

async function add(name: string, sql: string): Promise<void> {
  await mkdir(path.join(dir, name), { recursive: true });
  await writeFile(path.join(dir, name, "migration.sql"), sql);
}

async function rows(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("three processes that start at once apply every migration exactly once", async () => {
  await cp("prisma/migrations", dir, { recursive: true });
  await add("99990101000000_slow", "SELECT pg_sleep(0.3); CREATE TABLE once (id int)");
  const script = `import { migrate } from "#platform/migrate.ts";
    process.stdout.write(JSON.stringify(await migrate(${JSON.stringify(database.url)}, ${JSON.stringify(dir)})));`;
  const outputs = await Promise.all([1, 2, 3].map(() => runNode(["--input-type=module", "-e", script])));
  const applied = outputs.map((output) => JSON.parse(output.stdout) as string[]);
  const names = (await readdir(dir)).filter((name) => name !== "migration_lock.toml").sort();
  expect(applied.filter((list) => list.length > 0)).toEqual([names]);
  expect(await rows("SELECT migration_name FROM _prisma_migrations ORDER BY 1")).toHaveLength(names.length);
});

test("a second start applies nothing, a new migration is applied alone", async () => {
  await add("1_first", "CREATE TABLE first (id int)");
  expect(await migrate(database.url, dir)).toEqual(["1_first"]);
  expect(await migrate(database.url, dir)).toEqual([]);
  await add("2_second", "CREATE TABLE second (id int)");
  expect(await migrate(database.url, dir)).toEqual(["2_second"]);
});

test("an edited migration is refused by name", async () => {
  await add("1_first", "CREATE TABLE first (id int)");
  await migrate(database.url, dir);
  await add("1_first", "CREATE TABLE first (id int, name text)");
  await expect(migrate(database.url, dir)).rejects.toThrow(/1_first was edited after it was applied/);
});

test("a migration that fails changes nothing, is named, and is applied by the next start once it is mended", async () => {
  await add("1_first", "CREATE TABLE first (id int)");
  await add("2_wrong", "CREATE TABLE half (id int); SELECT no_such_function()");
  await expect(migrate(database.url, dir)).rejects.toThrow(
    /2_wrong failed and changed nothing: .*no_such_function/,
  );
  expect(await rows("SELECT to_regclass('half') AS half, to_regclass('first') IS NOT NULL AS first")).toEqual(
    [{ half: null, first: true }],
  );
  await add("2_wrong", "CREATE TABLE half (id int)");
  expect(await migrate(database.url, dir)).toEqual(["2_wrong"]);
});

test("a migration that another tool left unfinished stops the start", async () => {
  await add("1_first", "CREATE TABLE first (id int)");
  await migrate(database.url, dir);
  await rows("UPDATE _prisma_migrations SET finished_at = NULL");
  await expect(migrate(database.url, dir)).rejects.toThrow(/1_first was begun by another tool/);
});

test("the table holds what prisma migrate deploy writes", async () => {
  await add("1_first", "SELECT 1");
  await migrate(database.url, dir);
  expect(await rows("SELECT * FROM _prisma_migrations")).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      checksum: "e004ebd5b5532a4b85984a62f8ad48a81aa3460c1ca07701f386135d72cdecf5",
      finished_at: expect.any(Date),
      migration_name: "1_first",
      logs: null,
      rolled_back_at: null,
      started_at: expect.any(Date),
      applied_steps_count: 1,
    },
  ]);
});

test("versions of the release before and of this one stand side by side while it is rolled out", async () => {
  await migrate(database.url);
  const version = (columns: string, values: string) =>
    rows(`INSERT INTO versions (id, agent_id, tree_hash, ${columns}) VALUES ${values}`);
  await rows(`WITH u AS (INSERT INTO users (id, email) VALUES ('u', 'u@example.org') RETURNING id)
              INSERT INTO agents (id, user_id, name, model, policy) SELECT 'a', 'u', 'n', 'm', '{}' FROM u`);
  await version("number, publishing", `('1', 'a', 't', 1, '{"state":"none"}')`);
  await version("number, restored_from", `('2', 'a', 't', 2, 1)`);
  expect(await rows("SELECT publishing->>'state' AS state FROM versions ORDER BY number")).toEqual([
    { state: "none" },
    { state: "none" },
  ]);
});

test("a database that does not answer is named in one line without its password", async () => {
  const failure = migrate("postgresql://carrel:geheim@127.0.0.1:9/carrel", dir);
  await expect(failure).rejects.toThrow(
    /PostgreSQL does not answer \(.*ECONNREFUSED.*\): check DATABASE_URL/,
  );
  await expect(failure).rejects.not.toThrow(/geheim/);
});
