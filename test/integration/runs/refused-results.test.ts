import { afterEach, beforeEach, expect, test } from "vitest";
import type { Engine } from "#engines/engine.ts";
import { readEvents } from "#events/log.ts";
import { createLogger } from "#platform/log.ts";
import { openStep } from "#runs/execution/checkpoints.ts";
import { type ClaimedRun, claimRun } from "#runs/execution/claim-run.ts";
import { EventWriter } from "#runs/execution/event-writer.ts";
import { startRunWorker } from "#runs/run-worker.ts";
import { submitMessage } from "#runs/submit-message.ts";
import type { AgentDirectory, Workspace } from "#workspaces/workspace.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { makeDesk, runState, until } from "../../support/runs.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.drop());

async function submit(): Promise<string> {
  const desk = await makeDesk(database.db);
  const [agentId = ""] = desk.agents;
  return (await submitMessage(database.db, { userId: desk.userId, agentId, text: "go" })).run.id;
}

const notice = (text: string) => ({ body: { type: "notice", level: "info", text } as const });

test("what is refused with a step is its asker's error alone; what was said before it is kept, in its order", async () => {
  const { pool } = database.db;
  const runId = await submit();
  const claimed = (await claimRun(pool, { runnerId: "r", takeWorkspace: async () => true })) as ClaimedRun;
  const writer = new EventWriter(pool, claimed);
  const open = (text: string) =>
    writer.storeWith((waiting) =>
      openStep(pool, claimed, { key: "one", title: "one" }, [...waiting, notice(text)]),
    );
  await open("opened");
  await Promise.all([
    writer.say(notice("before")),
    expect(open("opened twice")).rejects.toMatchObject({ code: "23505" }),
    writer.say(notice("after")),
  ]);
  await writer.drain();
  const events = await readEvents(pool, runId, 0, 100);
  expect(events.flatMap((event) => (event.type === "notice" ? [event.text] : []))).toEqual([
    "opened",
    "before",
    "after",
  ]);
});

test("a step whose result cannot be kept fails its run at once, in words", async () => {
  const { db, url } = database;
  const runId = await submit();
  let executions = 0;
  const engine: Engine = {
    name: "odd",
    async execute(context) {
      executions += 1;
      const circle: { self?: unknown } = {};
      circle.self = circle;
      await context.step("one", "one", async () => circle);
      return { kind: "done", message: "never" };
    },
  };
  const agent = (agentId: string) => ({ agentId }) as AgentDirectory;
  const worker = await startRunWorker({
    db,
    databaseUrl: url,
    runnerId: "r",
    maxRuns: 1,
    places: { claimable: () => null, claim: async () => true, awaitRoom: () => {} },
    openWorkspace: async () => ({ languages: {}, agent }) as unknown as Workspace,
    engineNamed: () => engine,
    gatewayUrl: "http://127.0.0.1:9",
    runTokenSecret: "no call is made",
    log: createLogger("test", "silent"),
  });
  try {
    await until("its end", async () => (await runState(db, runId)).status !== "running" && executions > 0);
    expect(await runState(db, runId)).toMatchObject({ status: "failed", error: { code: "internal" } });
    expect(executions).toBe(1);
  } finally {
    await worker.stop();
  }
}, 90_000);
