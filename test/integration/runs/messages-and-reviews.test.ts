import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Engine } from "#engines/engine.ts";
import { readEvents } from "#events/log.ts";
import { inTransaction } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { createLogger } from "#platform/log.ts";
import { answerReview } from "#runs/answer-review.ts";
import { cancelAgentRuns, cancelRun } from "#runs/cancel-run.ts";
import { type ClaimedRun, claimRun } from "#runs/execution/claim-run.ts";
import { executeRun } from "#runs/execution/execute-run.ts";
import { Leases } from "#runs/execution/leases.ts";
import { leaveRun } from "#runs/execution/leave-run.ts";
import { listRuns, readRun } from "#runs/read-run.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { MESSAGES_WAITING } from "#runs/tunables.ts";
import { listVersions } from "#snapshots/list-versions.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { type Desk, makeDesk, runState, slotsHeld } from "../../support/runs.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(() => database.drop());

const TREE = createHash("sha256").update("tree").digest("hex");

const send = (desk: Desk, text: string) =>
  submitMessage(database.db, { userId: desk.userId, agentId: desk.agents[0] as string, text });

async function claim(): Promise<ClaimedRun> {
  const claimed = await claimRun(database.db.pool, { runnerId: "one", takeWorkspace: async () => true });
  if (claimed === null || claimed === "contended") throw new Error("nothing could be claimed");
  return claimed;
}

/** A run of a new desk that awaits review of its result. */
async function reviewed(): Promise<{ desk: Desk; runId: string }> {
  const desk = await makeDesk(database.db);
  const { run } = await send(desk, "make something");
  const claimed = await claim();
  await inTransaction(database.db.pool, async (client) => {
    await leaveRun(client, claimed, { status: "awaiting_review" });
    await client.query(
      `INSERT INTO reviews (id, run_id, round, kind, tree_hash, summary) VALUES ($1, $2, 1, 'result', $3, '{"text":"look"}')`,
      [newId(), run.id, TREE],
    );
  });
  return { desk, runId: run.id };
}

const answer = (desk: Desk, runId: string, decision: "approve" | "request_changes" | "reject", more = {}) =>
  answerReview(database.db, { userId: desk.userId, runId, decision, ...more });

test("an agent's queue is bounded, exactly, however many messages come at once", async () => {
  const desk = await makeDesk(database.db);
  const all = await Promise.allSettled(
    Array.from({ length: MESSAGES_WAITING + 5 }, (_, n) => send(desk, `message ${n}`)),
  );
  const refused = all.filter((one) => one.status === "rejected");
  expect(refused).toHaveLength(5);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: "limit_reached" });
  await cancelAgentRuns(database.db, desk.userId, desk.agents[0] as string);
  expect((await send(desk, "now there is room")).run.status).toBe("queued");
  await cancelAgentRuns(database.db, desk.userId, desk.agents[0] as string);
});

test("a message starts a queued run; another one sent meanwhile waits its turn", async () => {
  const desk = await makeDesk(database.db);
  const first = await send(desk, "one");
  const second = await send(desk, "two");
  expect(second.run.id).not.toBe(first.run.id);
  expect(first.run).toMatchObject({ status: "queued", lastSeq: 1, round: 1, steps: [], review: null });
  expect(second.message).toMatchObject({ role: "user", text: "two", runId: second.run.id });
  const { runs } = await listRuns(database.db, desk.userId, desk.agents[0] as string, { limit: 1 });
  expect(runs.map(({ id }) => id)).toEqual([second.run.id]);
  await cancelAgentRuns(database.db, desk.userId, desk.agents[0] as string);
});

test("a message while a review waits is a request for changes to that run", async () => {
  const { desk, runId } = await reviewed();
  const { run, message } = await send(desk, "make it blue");
  expect(run).toMatchObject({ id: runId, status: "queued", round: 2, review: null });
  expect(message.runId).toBe(runId);
  const { rows } = await database.db.pool.query("SELECT decision, comment FROM reviews WHERE run_id = $1", [
    runId,
  ]);
  expect(rows).toEqual([{ decision: "request_changes", comment: "make it blue" }]);
  await cancelRun(database.db, { userId: desk.userId, runId });
});

test("approving a result makes one version and ends the run; a second approval is refused", async () => {
  const { desk, runId } = await reviewed();
  const run = await answer(desk, runId, "approve", { treeHash: TREE });
  expect(run).toMatchObject({ status: "succeeded", versionNumber: 1, review: null });
  await expect(answer(desk, runId, "approve", { treeHash: TREE })).rejects.toMatchObject({
    code: "conflict",
  });
  const { versions } = await listVersions(database.db, desk.userId, desk.agents[0] as string);
  expect(versions).toMatchObject([{ number: 1, treeHash: TREE, runId, publishing: { state: "none" } }]);
  const events = await readEvents(database.db.pool, runId, 0, 100);
  expect(events.slice(-2)).toMatchObject([
    { type: "version_published", number: 1, treeHash: TREE, state: "none" },
    { type: "run_status", status: "succeeded" },
  ]);
});

test("two approvals at the same moment make one version", async () => {
  const { desk, runId } = await reviewed();
  const answers = await Promise.allSettled(
    Array.from({ length: 4 }, () => answer(desk, runId, "approve", { treeHash: TREE })),
  );
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const { versions } = await listVersions(database.db, desk.userId, desk.agents[0] as string);
  expect(versions).toHaveLength(1);
  expect(await slotsHeld(database.db, desk.userId)).toBe(0);
});

test("an answer to another tree than the one that waits is refused and changes nothing", async () => {
  const { desk, runId } = await reviewed();
  const before = await readRun(database.db, desk.userId, runId);
  for (const decision of ["approve", "request_changes", "reject"] as const) {
    const stale = answer(desk, runId, decision, { treeHash: "0".repeat(64), comment: "x" });
    await expect(stale).rejects.toMatchObject({ code: "conflict" });
  }
  expect(await readRun(database.db, desk.userId, runId)).toEqual(before);
  await answer(desk, runId, "reject");
});

test("a request for changes needs words; a rejected result ends the run without a version", async () => {
  const { desk, runId } = await reviewed();
  await expect(answer(desk, runId, "request_changes", { comment: " " })).rejects.toMatchObject({
    code: "bad_request",
  });
  const run = await answer(desk, runId, "reject");
  expect(run).toMatchObject({ status: "cancelled", versionNumber: null, review: null });
});

test("another user's agent and run are not there", async () => {
  const { desk, runId } = await reviewed();
  const stranger = await makeDesk(database.db);
  const calls = [
    () =>
      submitMessage(database.db, { userId: stranger.userId, agentId: desk.agents[0] as string, text: "x" }),
    () => readRun(database.db, stranger.userId, runId),
    () => cancelRun(database.db, { userId: stranger.userId, runId }),
    () => answer({ ...stranger }, runId, "approve", { treeHash: TREE }),
    () => listRuns(database.db, stranger.userId, desk.agents[0] as string, { limit: 10 }),
    () => listVersions(database.db, stranger.userId, desk.agents[0] as string),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "not_found" });
  expect((await runState(database.db, runId)).status).toBe("awaiting_review");
  await answer(desk, runId, "reject");
});

test("a queued run is cancelled at once; a running one keeps its slot until its runner has ended it", async () => {
  const desk = await makeDesk(database.db);
  const { run } = await send(desk, "one");
  expect(await cancelRun(database.db, { userId: desk.userId, runId: run.id })).toMatchObject({
    status: "cancelled",
  });
  expect(await cancelRun(database.db, { userId: desk.userId, runId: run.id })).toMatchObject({
    status: "cancelled",
  });
  const second = await send(desk, "two");
  const claimed = await claim();
  await cancelRun(database.db, { userId: desk.userId, runId: second.run.id });
  expect((await runState(database.db, second.run.id)).status).toBe("running");
  expect(await slotsHeld(database.db, desk.userId)).toBe(1);
  await inTransaction(database.db.pool, (client) => leaveRun(client, claimed, { status: "cancelled" }));
  expect(await slotsHeld(database.db, desk.userId)).toBe(0);
  const again = await inTransaction(database.db.pool, (client) =>
    leaveRun(client, claimed, { status: "failed" }),
  );
  expect(again).toBeNull();
  expect(await slotsHeld(database.db, desk.userId)).toBe(0);
});

test("a cancellation in the moment in which the work ends wins: there is no version and nothing to review", async () => {
  const desk = await makeDesk(database.db, { policy: { publish: "auto" } });
  const { run } = await send(desk, "one");
  const claimed = await claim();
  const leases = new Leases(database.db.pool, "one", createLogger("test", "silent"));
  onTestFinished(() => leases.close());
  // The runner does not hear the notice: as if it were on its way while the engine's last word is written down.
  const engine: Engine = {
    name: "last moment",
    async execute() {
      await cancelRun(database.db, { userId: desk.userId, runId: run.id });
      return { kind: "done", message: "made" };
    },
  };
  const workspace = { languages: {}, agent: (agentId: string) => ({ agentId }) };
  const services = {
    db: database.db,
    log: createLogger("test", "silent"),
    engineNamed: () => engine,
    openWorkspace: async () => workspace as unknown as Workspace,
    gatewayUrl: "http://127.0.0.1:9",
    runTokenSecret: "no call is made",
  };
  await executeRun(services, claimed, leases.hold(claimed, performance.now()));
  expect((await runState(database.db, run.id)).status).toBe("cancelled");
  const events = await readEvents(database.db.pool, run.id, 0, 100);
  expect(events.map((event) => event.type === "run_status" && event.status)).toEqual([
    "queued",
    "running",
    "cancelled",
  ]);
  expect(await slotsHeld(database.db, desk.userId)).toBe(0);
});

test("a run fails with whatever words its failure has", async () => {
  const desk = await makeDesk(database.db);
  const { run } = await send(desk, "one");
  const claimed = await claim();
  const error = { code: "upstream_failed", detail: "half \ud800 and null \u0000" };
  await inTransaction(database.db.pool, (client) => leaveRun(client, claimed, { status: "failed", error }));
  const { error: kept } = await readRun(database.db, desk.userId, run.id);
  expect(kept?.detail).toBe("half \ufffd and null \ufffd");
});

test("a run whose runner died is cancelled without one, and its slot is free", async () => {
  const desk = await makeDesk(database.db);
  const { run } = await send(desk, "one");
  const claimed = await claim();
  await database.db.pool.query("UPDATE runs SET lease_until = now() - interval '1 second' WHERE id = $1", [
    run.id,
  ]);
  await cancelRun(database.db, { userId: desk.userId, runId: run.id });
  expect(await runState(database.db, run.id)).toMatchObject({
    status: "cancelled",
    fence: claimed.fence + 1,
  });
  expect(await slotsHeld(database.db, desk.userId)).toBe(0);
});
