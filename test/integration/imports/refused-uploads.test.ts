import { afterAll, beforeAll, expect, test } from "vitest";
import { UPLOAD_LIMITS } from "#imports/tunables.ts";
import { type ApiClient, apiClient } from "../../support/api-client.ts";
import { archiveOf } from "../../support/archives.ts";
import { type Stack, startStack } from "../../support/stack.ts";
import { directoryOf, ended, newAgent, upload } from "../../support/uploads.ts";

let stack: Stack;
let ann: ApiClient;
let bytes: Buffer;

beforeAll(async () => {
  stack = await startStack();
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
  bytes = await archiveOf("zip", [{ name: "a.txt", text: "a" }]);
}, 240_000);

afterAll(() => stack?.stop());

test("nobody else's agent, no token that only reads, no odd name", async () => {
  const agentId = await newAgent(ann);
  const eve = await apiClient(stack.webUrl, stack.database.db, "eve@example.org");
  expect((await upload(eve, agentId, bytes)).status).toBe(404);
  const reader = await apiClient(stack.webUrl, stack.database.db, "ann@example.org", ["api:read"]);
  expect((await upload(reader, agentId, bytes)).status).toBe(403);
  expect((await upload(ann, agentId, bytes, { name: "a\nb" })).status).toBe(400);
  expect((await upload(ann, agentId, bytes, { branch: "--upload-pack=x" })).status).toBe(400);
  expect((await ann.call("GET", `/agents/${agentId}/import`)).body.import).toBeNull();
  expect(await directoryOf(ann, agentId)).toEqual({});
});

test("more than may come is refused by its announced size, and as soon as it is seen; nothing of it stays", async () => {
  const agentId = await newAgent(ann);
  const most = UPLOAD_LIMITS.uploadBytes;
  const address = `${stack.webUrl}/api/v1/agents/${agentId}/import/upload?name=large.zip`;
  const piece = new Uint8Array(1024 * 1024);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent > most) return controller.close();
      sent += piece.length;
      controller.enqueue(piece);
    },
  });
  const headers = { authorization: `Bearer ${ann.token}` };
  const streamed = await fetch(address, { method: "POST", headers, body, duplex: "half" } as RequestInit);
  expect([streamed.status, (await streamed.json()).code]).toEqual([413, "too_large"]);
  expect((await upload(ann, agentId, Buffer.alloc(most + 1))).body.code).toBe("too_large");
  expect(await directoryOf(ann, agentId)).toEqual({});
});

test("an agent whose run is on, or that has files, is not touched", async () => {
  const agentId = await newAgent(ann);
  const { run } = (await ann.call("POST", `/agents/${agentId}/messages`, { json: { text: "Write a tool" } }))
    .body;
  const status = async () => (await ann.call("GET", `/runs/${run.id}`)).body.status;
  await expect.poll(status, { timeout: 60_000, interval: 50 }).not.toBe("queued");
  const before = await directoryOf(ann, agentId);
  const answer = await upload(ann, agentId, bytes);
  expect([answer.status, answer.body.code]).toEqual([409, "conflict"]);
  expect(answer.body.detail).toContain("is on");
  expect(before).not.toHaveProperty("a.txt");
  expect(await directoryOf(ann, agentId)).not.toHaveProperty("a.txt");
  const other = await newAgent(ann);
  await ann.call("PUT", `/agents/${other}/files/content?path=mine.txt`, { body: "mine" });
  expect((await upload(ann, other, bytes)).body).toMatchObject({ status: 409, code: "conflict" });
  expect(await directoryOf(ann, other)).toEqual({ "mine.txt": "mine" });
});

test("the same sent again, at once and later, is one import; another body under its key is refused", async () => {
  const agentId = await newAgent(ann);
  const send = () => upload(ann, agentId, bytes, { key: "once" });
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(await ended(ann, agentId)).toMatchObject({ state: "done", filesDone: 1 });
  expect((await send()).body.import).toMatchObject({ state: "done" });
  const other = await archiveOf("zip", [{ name: "b.txt" }]);
  expect((await upload(ann, agentId, other, { key: "once" })).body.code).toBe("conflict");
  expect(await directoryOf(ann, agentId)).toEqual({ "a.txt": "a" });
});
