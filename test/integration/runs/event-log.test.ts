import { afterAll, beforeAll, expect, test } from "vitest";
import { appendEvents, EVENTS_CHANNEL, readEvents } from "#events/log.ts";
import type { EventBody } from "#events/vocabulary.ts";
import { claimRun } from "#runs/execution/claim-run.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { makeDesk, until } from "../../support/runs.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(() => database.drop());

const notice = (text: string): EventBody => ({ type: "notice", level: "info", text });

async function queuedRun(): Promise<string> {
  const { userId, agents } = await makeDesk(database.db);
  const { run } = await submitMessage(database.db, { userId, agentId: agents[0] as string, text: "go" });
  return run.id;
}

test("events appended by many at once have no gap and no repeat", async () => {
  const runId = await queuedRun();
  await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      appendEvents(database.db.pool, { runId }, [{ body: notice(`${n} a`) }, { body: notice(`${n} b`) }]),
    ),
  );
  const events = await readEvents(database.db.pool, runId, 1, 1000);
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_, index) => index + 2));
  const texts = events.map((event) => (event.type === "notice" ? event.text : ""));
  for (let n = 0; n < 60; n += 1) expect(texts.indexOf(`${n} b`)).toBe(texts.indexOf(`${n} a`) + 1);
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort());
});

test("an append under an older fence, or past the lease, stores nothing", async () => {
  await database.db.pool.query("UPDATE runs SET status = 'cancelled'");
  const runId = await queuedRun();
  const claim = await claimRun(database.db.pool, { runnerId: "one", takeWorkspace: async () => true });
  expect(claim).toMatchObject({ runId, fence: 1 });
  const append = (fence: number) => appendEvents(database.db.pool, { runId, fence }, [{ body: notice("x") }]);
  expect(await append(1)).toEqual({ firstSeq: 3, lastSeq: 3 });
  expect(await append(0)).toBeNull();
  await database.db.pool.query("UPDATE runs SET lease_until = now() - interval '1 second' WHERE id = $1", [
    runId,
  ]);
  expect(await append(1)).toBeNull();
  expect((await readEvents(database.db.pool, runId, 0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("a step's event is stored once, whoever tries again", async () => {
  const runId = await queuedRun();
  const item = { body: notice("once"), stepKey: "r1/plan", stepOrdinal: 1 };
  await appendEvents(database.db.pool, { runId }, [item]);
  await expect(appendEvents(database.db.pool, { runId }, [{ body: notice("y") }, item])).rejects.toThrow();
  await appendEvents(database.db.pool, { runId }, [{ body: notice("z") }]);
  const events = await readEvents(database.db.pool, runId, 0, 10);
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("every append is announced once, with its commit, and names a new status", async () => {
  const client = await database.db.pool.connect();
  const heard: { runId: string; lastSeq: number; status?: string }[] = [];
  client.on("notification", ({ payload }) => heard.push(JSON.parse(payload ?? "")));
  await client.query(`LISTEN ${EVENTS_CHANNEL}`);
  const runId = await queuedRun();
  await appendEvents(database.db.pool, { runId }, [{ body: notice("a") }, { body: notice("b") }]);
  await until("both are heard", async () => heard.filter((one) => one.runId === runId).length === 2);
  expect(heard.filter((one) => one.runId === runId)).toMatchObject([
    { lastSeq: 1, status: "queued" },
    { lastSeq: 3 },
  ]);
  await client.query(`UNLISTEN ${EVENTS_CHANNEL}`);
  client.release();
});

test("text that PostgreSQL cannot keep is kept as near as can be", async () => {
  const runId = await queuedRun();
  await appendEvents(database.db.pool, { runId }, [{ body: notice("a\u0000b \ud800 한국어 🦊") }]);
  const [event] = await readEvents(database.db.pool, runId, 1, 10);
  expect(event).toMatchObject({ type: "notice", text: "a\ufffdb \ufffd 한국어 🦊" });
});
