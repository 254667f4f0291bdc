import { afterAll, beforeAll, expect, test } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { allEvents, startBuilderRun, untilReview } from "../../support/builder-runs.ts";
import { slotsHeld, until } from "../../support/runs.ts";
import { type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
}, 180_000);

afterAll(() => stack?.stop());

const TESTS = { language: "bash", code: "python3 -m unittest discover -v" };

test("from a message to version 1: the files exist, their tests pass, and fail when a file is broken by hand", async () => {
  const { client, agentId, runId } = await startBuilderRun(
    stack,
    "Make a command-line tool in Python that keeps a to-do list",
    "main@example.org",
  );
  await untilReview(stack.database.db, runId);
  const { body: run } = await client.call("GET", `/runs/${runId}`);
  expect(run.review).toMatchObject({ kind: "result", figures: { testsFailed: 0 } });
  expect(run.review.figures.testsPassed).toBeGreaterThanOrEqual(3);
  expect(await slotsHeld(stack.database.db, client.userId)).toBe(0);

  const { body: diff } = await client.call("GET", `/runs/${runId}/diff`);
  expect(diff.files.length).toBe(run.review.figures.files);
  expect(diff.files.every((file: { change: string }) => file.change === "added")).toBe(true);

  const answer = { decision: "approve", treeHash: run.review.treeHash };
  const approved = await client.call("POST", `/runs/${runId}/review`, { json: answer });
  expect(approved.body).toMatchObject({ status: "succeeded", versionNumber: 1 });
  const again = await client.call("POST", `/runs/${runId}/review`, { json: answer });
  expect(again.status).toBe(409);
  const { body: versions } = await client.call("GET", `/agents/${agentId}/versions`);
  expect(versions.versions).toMatchObject([{ number: 1, treeHash: run.review.treeHash, runId }]);

  const passed = await client.call("POST", `/agents/${agentId}/exec`, { json: TESTS });
  expect(passed.body).toMatchObject({ exitCode: 0, timedOut: false });
  const ran = Number(/Ran (\d+) tests/.exec(passed.body.stderr)?.[1]);
  expect(ran).toBe(run.review.figures.testsPassed);

  const source = diff.files
    .map((file: { path: string }) => file.path)
    .find((path: string) => /entries\.py$/.test(path));
  const broken = await client.call(
    "PUT",
    `/agents/${agentId}/files/content?path=${encodeURIComponent(source)}`,
    {
      body: "raise SystemError('broken by hand')\n",
    },
  );
  expect(broken.status).toBeLessThan(300);
  const failed = await client.call("POST", `/agents/${agentId}/exec`, { json: TESTS });
  expect(failed.body.exitCode).not.toBe(0);
}, 120_000);

test("a fault in the program is found by its tests and repaired before anybody is asked", async () => {
  const { client, runId } = await startBuilderRun(
    stack,
    "JavaScriptで温度変換ライブラリを作って",
    "repair@example.org",
  );
  await untilReview(stack.database.db, runId);
  const events = await allEvents(stack.database.db, runId);
  const ends = events.flatMap((event) =>
    event.type === "tool_call_update" && event.step ? [[event.step, event.status]] : [],
  );
  expect(ends).toContainEqual(["r1/check:1", "failed"]);
  expect(ends.filter(([step]) => step === "r1/check:2").every(([, status]) => status === "completed")).toBe(
    true,
  );
  const { body: run } = await client.call("GET", `/runs/${runId}`);
  expect(run.steps.map(({ key }: { key: string }) => key)).toContain("r1/repair:1");
  expect(run.review.figures).toMatchObject({ testsFailed: 0 });
  expect(run.review.summary).toContain("テスト");
}, 120_000);

test("a request for changes continues the same project in a second round of the same run", async () => {
  const { client, agentId, runId } = await startBuilderRun(
    stack,
    "Make a command-line tool in Python that keeps a to-do list",
    "changes@example.org",
  );
  await untilReview(stack.database.db, runId);
  const first = (await client.call("GET", `/runs/${runId}`)).body;
  const asked = await client.call("POST", `/runs/${runId}/review`, {
    json: { decision: "request_changes", comment: "Add a command that exports everything as CSV" },
  });
  expect(asked.body).toMatchObject({ id: runId, round: 2 });
  await until(
    "the second review",
    async () => (await client.call("GET", `/runs/${runId}`)).body.review !== null,
  );
  const second = (await client.call("GET", `/runs/${runId}`)).body;
  expect(second.review.treeHash).not.toBe(first.review.treeHash);
  expect(second.review.figures.testsFailed).toBe(0);
  const stale = await client.call("POST", `/runs/${runId}/review`, {
    json: { decision: "approve", treeHash: first.review.treeHash },
  });
  expect(stale.status).toBe(409);
  const messages = (await client.call("GET", `/agents/${agentId}/messages`)).body.messages;
  expect(messages.map(({ role }: { role: string }) => role).sort()).toEqual([
    "agent",
    "agent",
    "user",
    "user",
  ]);
}, 120_000);

test("a running run that is cancelled ends soon, frees its slot and leaves the agent usable", async () => {
  const { client, agentId, runId } = await startBuilderRun(
    stack,
    "a library for roman numerals in python",
    "stop@example.org",
  );
  await until("it runs", async () => (await client.call("GET", `/runs/${runId}`)).body.status !== "queued");
  await client.call("POST", `/runs/${runId}/cancel`);
  await until("it has ended", async () =>
    ["cancelled", "awaiting_review"].includes((await client.call("GET", `/runs/${runId}`)).body.status),
  );
  await client.call("POST", `/runs/${runId}/cancel`);
  expect(await slotsHeld(stack.database.db, client.userId)).toBe(0);
  const next = await client.call("POST", `/agents/${agentId}/messages`, {
    json: { text: "a to-do list in python" },
  });
  await untilReview(stack.database.db, next.body.run.id);
}, 120_000);

test("of six runs asked for at once never more than three are running, and all are done", async () => {
  const { db } = stack.database;
  const client = await apiClient(stack.webUrl, db, "six@example.org");
  const started = await Promise.all(
    Array.from({ length: 6 }, async (_, n) => {
      const { body: agent } = await client.call("POST", "/agents", { json: { name: `Agent ${n}` } });
      const json = { text: "Make a command-line to-do tool in JavaScript" };
      return (await client.call("POST", `/agents/${agent.id}/messages`, { json })).body.run.id as string;
    }),
  );
  for (const runId of started) await untilReview(db, runId);
  // Each run's log says when it took its place and when it gave it back.
  const { rows } = await db.pool.query<{ change: number }>(
    `SELECT CASE payload->>'status' WHEN 'running' THEN 1 ELSE -1 END AS change FROM run_events
      WHERE run_id = ANY($1) AND type = 'run_status' AND payload->>'status' <> 'queued' ORDER BY at, 1`,
    [started],
  );
  let running = 0;
  const counts = rows.map(({ change }) => (running += change));
  expect(counts).toHaveLength(12);
  expect(Math.max(...counts)).toBe(3);
  expect(counts.at(-1)).toBe(0);
}, 180_000);
