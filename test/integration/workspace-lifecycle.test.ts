import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Warning, Workspace } from "#api/schema/workspace.ts";
import { type ApiClient, apiClient } from "../support/api-client.ts";
import { runNode } from "../support/run-node.ts";
import { SECRETS, type Stack, startStack } from "../support/stack.ts";

const PATIENCE = { timeout: 120_000, interval: 250 };

let stack: Stack;
let ann: ApiClient;
let bob: ApiClient;

beforeAll(async () => {
  stack = await startStack({ env: { MAX_WORKSPACES: "1" } });
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
  bob = await apiClient(stack.webUrl, stack.database.db, "bob@example.org");
}, 600_000);

afterAll(() => stack?.stop());

const read = async (who: ApiClient) => (await who.call("GET", "/workspace")).body as Workspace;
const newAgent = async (who: ApiClient): Promise<string> =>
  (await who.call("POST", "/agents", { json: { name: "One" } })).body.id;

function openSocket(who: ApiClient): Socket {
  const socket = io(stack.webUrl, { auth: { token: who.token }, forceNew: true });
  onTestFinished(() => void socket.close());
  return socket;
}

function carrel(...args: string[]) {
  return runNode(["src/carrel.ts", ...args], {
    DATABASE_URL: stack.database.url,
    CARREL_RUNNER_SECRET: SECRETS.CARREL_RUNNER_SECRET,
  });
}

test("whoever looks hears of each state, and of what is used, without asking", async () => {
  const heard: Workspace[] = [];
  const socket = openSocket(ann);
  socket.on("workspace:state", (workspace: Workspace) => heard.push(workspace));
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  expect(await read(ann)).toMatchObject({ state: "absent", gauges: null, warnings: [], queue: null });
  expect((await ann.call("POST", "/workspace/start")).body.state).toBe("running");
  await expect.poll(() => heard.some(({ gauges }) => (gauges?.memoryBytes ?? 0) > 0), PATIENCE).toBe(true);
  const measured = () => new Set(heard.flatMap(({ gauges }) => gauges?.at ?? [])).size;
  const before = measured();
  await expect.poll(measured, PATIENCE).toBeGreaterThan(before);
  expect((await ann.call("POST", "/workspace/stop")).body.state).toBe("stopped");
  await expect.poll(() => heard.at(-1)?.state, PATIENCE).toBe("stopped");
}, 240_000);

test("a command that the kernel ended for want of memory is named, with its agent", async (context) => {
  await ann.call("POST", "/workspace/start");
  if (!(await read(ann)).limits.enforced.some((limit) => limit.startsWith("memory")))
    context.skip("memory is not bounded here");
  const agentId = await newAgent(ann);
  const json = { language: "python", code: "x = bytearray(2000 * 1024 * 1024)", timeoutMs: 60_000 };
  expect((await ann.call("POST", `/agents/${agentId}/exec`, { json })).body).toMatchObject({
    outOfMemory: true,
  });
  const socket = openSocket(ann);
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  const kill = async () => (await read(ann)).warnings.find(({ kind }: Warning) => kind === "out_of_memory");
  await expect.poll(kill, PATIENCE).toMatchObject({
    agentId,
    command: expect.stringContaining("bytearray(2000"),
  });
}, 240_000);

test("a run that finds the host full waits in line, is shown where, and goes on when there is room", async () => {
  const socket = openSocket(ann);
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  await ann.call("POST", "/workspace/start");
  await expect
    .poll(async () => {
      const { watchedUntil } = await stack.database.db.prisma.workspace.findUniqueOrThrow({
        where: { userId: ann.userId },
      });
      return watchedUntil !== null && watchedUntil > new Date();
    }, PATIENCE)
    .toBe(true);
  const agentId = await newAgent(bob);
  const text = "Write a Python function that adds two numbers, with tests.";
  const { run } = (await bob.call("POST", `/agents/${agentId}/messages`, { json: { text } })).body;
  const queue = async () => (await bob.call("GET", `/runs/${run.id}`)).body.queue;
  await expect.poll(queue, PATIENCE).toEqual({ place: 1, waitsFor: "host_full" });
  expect((await read(bob)).queue).toEqual({ place: 1 });
  const { agents } = (await bob.call("GET", "/agents")).body;
  expect(agents[0].latestRun).toMatchObject({ status: "queued", place: 1, waitsFor: "host_full" });
  expect((await carrel("workspace", "list")).stdout).toMatch(/ann@example\.org\trunning\tlocal\t\d+ MiB/);
  const { rows } = await stack.database.db.pool.query("SELECT running FROM quotas WHERE user_id = $1", [
    bob.userId,
  ]);
  expect(rows[0].running).toBe(0);

  const stopped = await carrel("workspace", "stop", "ann@example.org");
  expect(stopped).toMatchObject({ code: 0, stderr: expect.stringContaining("is stopped") });
  const status = async () => (await bob.call("GET", `/runs/${run.id}`)).body.status;
  await expect.poll(status, PATIENCE).toBe("awaiting_review");
  expect((await bob.call("GET", `/runs/${run.id}`)).body.queue).toBeNull();
  expect((await read(ann)).state).toBe("stopped");
}, 400_000);

test("an operator restarts and wipes one, and one that is not there is said", async () => {
  const agentId = (await bob.call("GET", "/agents")).body.agents[0].id;
  const files = async () => (await bob.call("GET", `/agents/${agentId}/files`)).body.files.length;
  expect(await files()).toBeGreaterThan(0);
  expect(await carrel("workspace", "restart", "bob@example.org")).toMatchObject({ code: 0 });
  expect((await read(bob)).state).toBe("running");
  expect(await carrel("workspace", "wipe", "bob@example.org")).toMatchObject({ code: 0 });
  expect((await read(bob)).state).toBe("absent");
  expect(await files()).toBe(0);
  expect(await carrel("workspace", "stop", "nobody@example.org")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("There is no user nobody@example.org."),
  });
}, 240_000);

test("what hosts hold is among the metrics", async () => {
  const text = await (await fetch(`${stack.webUrl}/metrics`)).text();
  expect(text).toMatch(/carrel_workspaces\{state="\w+"\} \d/);
  expect(text).toMatch(/carrel_workspace_queue 0/);
  expect(text).toMatch(/carrel_workspace_places\{place="taken"\} \d/);
});
