import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiClient, apiClient } from "../support/api-client.ts";
import { type Stack, startStack } from "../support/stack.ts";

// Every answer here is also held against the API's own description of it (api-client).

let stack: Stack;
let ann: ApiClient;
let agent: string;
let run: string;

beforeAll(async () => {
  stack = await startStack();
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
}, 240_000);

afterAll(() => stack?.stop());

const get = async (path: string) => (await ann.call("GET", path)).body;
const reached = (status: string) =>
  expect
    .poll(async () => (await get(`/runs/${run}`)).status, { timeout: 60_000, interval: 200 })
    .toBe(status);

test("a request becomes a result that awaits review", async () => {
  agent = (await ann.call("POST", "/agents", { json: { name: "Programs" } })).body.id;
  const sent = await ann.call("POST", `/agents/${agent}/messages`, {
    json: { text: "Write a small command-line tool that counts words, in Python, with tests." },
  });
  expect(sent.status).toBe(202);
  run = sent.body.run.id;
  await reached("awaiting_review");
  const { review, steps, lastSeq } = await get(`/runs/${run}`);
  expect(review).toMatchObject({ kind: "result", treeHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(steps.length).toBeGreaterThan(2);
  const { events } = await get(`/runs/${run}/events`);
  expect(events.map(({ seq }: { seq: number }) => seq)).toEqual(
    Array.from({ length: lastSeq }, (_, n) => n + 1),
  );
  const listed = await get("/agents");
  expect(listed.agents[0].latestRun).toMatchObject({
    id: run,
    status: "awaiting_review",
    reviewKind: "result",
  });
}, 90_000);

test("the difference is read, approved, and is version 1; the same answer twice is refused", async () => {
  const diff = await get(`/runs/${run}/diff`);
  expect(diff.files.length).toBeGreaterThan(1);
  for (const file of diff.files) expect(file).toMatchObject({ change: "added" });
  const { review } = await get(`/runs/${run}`);
  const approve = { decision: "approve", treeHash: review.treeHash };
  const restore = await ann.call("POST", `/agents/${agent}/versions/1/restore`);
  expect(restore.status).toBe(404);
  expect((await ann.call("POST", `/runs/${run}/review`, { json: approve })).body.status).toBe("succeeded");
  expect((await ann.call("POST", `/runs/${run}/review`, { json: approve })).status).toBe(409);
  const { versions } = await get(`/agents/${agent}/versions`);
  expect(versions).toMatchObject([{ number: 1, treeHash: review.treeHash, runId: run }]);
  expect((await get("/agents")).agents[0].latestRun.versionNumber).toBe(1);
});

test("a version is brought back over what was changed by hand", async () => {
  const { files } = await get(`/agents/${agent}/files?recursive=true`);
  const file = files.find(
    ({ type, path }: { type: string; path: string }) => type === "file" && path.endsWith(".py"),
  );
  const content = `/agents/${agent}/files/content?path=${encodeURIComponent(file.path)}`;
  const before = await get(content);
  await ann.call("PUT", content, { body: "broken" });
  await ann.call("PUT", `/agents/${agent}/files/content?path=extra.txt`, { body: "x" });
  expect((await ann.call("POST", `/agents/${agent}/versions/1/restore`)).status).toBe(200);
  expect(await get(content)).toEqual(before);
  expect((await ann.call("GET", `/agents/${agent}/files/content?path=extra.txt`)).status).toBe(404);
});

test("publishing says what is missing, and there is no second version", async () => {
  const answer = await ann.call("POST", `/agents/${agent}/versions/1/publish`);
  expect(answer.status).toBe(409);
  expect(answer.body.missing).toContain("GITHUB_APP_ID");
  expect((await ann.call("POST", `/agents/${agent}/versions/2/publish`)).status).toBe(404);
});

test("what it cost is in the run, the usage and the budget alike", async () => {
  const { costMicroUsd } = await get(`/runs/${run}`);
  expect(costMicroUsd).toBeGreaterThan(0);
  for (const group of ["day", "agent", "model", "run"]) {
    const usage = await get(`/usage?groupBy=${group}`);
    expect(usage.total.costMicroUsd).toBe(costMicroUsd);
    expect(usage.rows).toHaveLength(1);
  }
  expect((await get("/limits")).budget).toMatchObject({ spentMicroUsd: costMicroUsd, reservedMicroUsd: 0 });
  expect((await get("/usage.csv")).split("\r\n").length).toBeGreaterThan(2);
  const empty = await get("/usage?from=2001-01-01&to=2001-01-31");
  expect(empty).toMatchObject({ total: { costMicroUsd: 0, calls: 0 }, rows: [] });
});

test("a budget of one's own is set, refused above the tier's, and taken back", async () => {
  const set = await ann.call("PUT", "/budget", { json: { monthlyMicroUsd: 1_000_000 } });
  expect(set.body.monthlyMicroUsd).toBe(1_000_000);
  expect((await ann.call("PUT", "/budget", { json: { monthlyMicroUsd: 900_000_000_000 } })).status).toBe(400);
  const back = await ann.call("PUT", "/budget", { json: { monthlyMicroUsd: null } });
  expect(back.body.monthlyMicroUsd).toBeGreaterThan(1_000_000);
});

test("a run that is cancelled ends; an agent with runs is deleted with all of them", async () => {
  const sent = await ann.call("POST", `/agents/${agent}/messages`, { json: { text: "Write a library." } });
  run = sent.body.run.id;
  expect((await ann.call("POST", `/runs/${run}/cancel`)).status).toBe(202);
  await reached("cancelled");
  const again = await ann.call("POST", `/agents/${agent}/messages`, { json: { text: "Write a library." } });
  run = again.body.run.id;
  expect((await ann.call("DELETE", `/agents/${agent}`)).status).toBe(204);
  await reached("cancelled");
  expect((await get("/agents")).agents).toEqual([]);
}, 60_000);
