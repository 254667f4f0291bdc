import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiClient, apiClient } from "../../support/api-client.ts";
import { type Stack, startStack } from "../../support/stack.ts";
import { dockerDriver, ENGINE, whyNoDocker } from "./engine.ts";

const reason = await whyNoDocker();

let stack: Stack | undefined;
let ann: ApiClient;

beforeAll(async () => {
  if (reason !== null) return;
  stack = await startStack({ env: ENGINE });
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
}, 240_000);

afterAll(async () => {
  if (!stack) return;
  const driver = dockerDriver({ home: stack.home });
  for (const userId of await driver.running()) await driver.destroy(userId);
  await stack.stop();
});

const get = async (path: string) => (await ann.call("GET", path)).body;

test("where an engine has the image, a request becomes an approved version in a container", async (context) => {
  if (reason !== null) context.skip(reason);
  const agent = (await ann.call("POST", "/agents", { json: { name: "Programs" } })).body.id;
  const text = "Write a small command-line tool that counts words, in Python, with tests.";
  const sent = await ann.call("POST", `/agents/${agent}/messages`, { json: { text } });
  const path = `/runs/${sent.body.run.id}`;
  await expect
    .poll(async () => (await get(path)).status, { timeout: 90_000, interval: 300 })
    .toBe("awaiting_review");
  const { review } = await get(path);
  const approve = { decision: "approve", treeHash: review.treeHash };
  expect((await ann.call("POST", `${path}/review`, { json: approve })).body.status).toBe("succeeded");

  const workspace = await get("/workspace");
  expect(workspace).toMatchObject({ driver: "docker", state: "running", gauges: { processesLimit: 512 } });
  expect(workspace.limits.enforced).toContain("memory of the whole workspace");
  expect(await dockerDriver({ home: stack?.home ?? "" }).running()).toEqual([ann.userId]);

  // The snippet's own container, its own limits, and what is told of a kill.
  const exec = (code: string) =>
    ann.call("POST", `/agents/${agent}/exec`, { json: { language: "python", code } });
  expect((await exec("import platform; print(platform.node())")).body).toMatchObject({
    stdout: "workspace\n",
  });
  expect((await exec("x = bytearray(3 << 30)")).body).toMatchObject({ outOfMemory: true });
  expect((await exec("print('lives')")).body).toMatchObject({ stdout: "lives\n", outOfMemory: false });

  expect((await ann.call("POST", "/workspace/stop")).status).toBeLessThan(300);
  expect((await get("/workspace")).state).toBe("stopped");
  const { files } = await get(`/agents/${agent}/files?recursive=true`);
  expect(files.length).toBeGreaterThan(1);
}, 240_000);
