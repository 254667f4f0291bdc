import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimRun } from "#runs/execution/claim-run.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { makeDesk } from "../../support/runs.ts";

let database: TestDatabase;
/** a single connection, so that what it read can be told */
let pool: pg.Pool;

beforeAll(async () => {
  database = await freshDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
});

afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

/** Rows of runs and agents that this connection has read so far. */
async function rowsRead(): Promise<number> {
  await pool.query("SELECT pg_stat_force_next_flush()");
  const { rows } = await pool.query<{ n: string }>(
    `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS n FROM pg_stat_user_tables
      WHERE relname IN ('runs', 'agents')`,
  );
  return Number(rows[0]?.n);
}

/** Queued runs of a user who has as many running as they may. */
async function queueBehindCap(count: number): Promise<void> {
  const desk = await makeDesk(database.db, { agents: 100, maxRuns: 1 });
  await database.db.pool.query(
    `INSERT INTO runs (id, user_id, agent_id, engine, model, status)
     SELECT gen_random_uuid(), $1, ($2::uuid[])[1 + n % 100], 'builder', 'demo', 'queued'
       FROM generate_series(1, $3) n`,
    [desk.userId, desk.agents, count],
  );
  await database.db.pool.query("UPDATE quotas SET running = 1 WHERE user_id = $1", [desk.userId]);
  await database.db.pool.query("VACUUM ANALYZE runs, agents, quotas");
}

/** What one claim of another user's run reads. */
async function costOfClaim(): Promise<number> {
  const desk = await makeDesk(database.db);
  const { run } = await submitMessage(database.db, {
    userId: desk.userId,
    agentId: desk.agents[0] as string,
    text: "mine",
  });
  const before = await rowsRead();
  const claimed = await claimRun(pool, { runnerId: "one", takeWorkspace: async () => true });
  expect(claimed).toMatchObject({ runId: run.id });
  return (await rowsRead()) - before;
}

test("a capped user's backlog of ten thousand costs the others' claims no more than one of a hundred", async () => {
  await queueBehindCap(100);
  const small = await costOfClaim();
  expect(small).toBeGreaterThan(0);
  await queueBehindCap(10_000);
  expect(await costOfClaim()).toBeLessThanOrEqual(2 * small);
}, 120_000);
