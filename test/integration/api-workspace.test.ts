import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiClient, apiClient } from "../support/api-client.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let ann: ApiClient;
let agentId: string;

beforeAll(async () => {
  stack = await startStack();
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
  agentId = (await ann.call("POST", "/agents", { json: { name: "Files" } })).body.id;
}, 240_000);

afterAll(() => stack?.stop());

const content = (path: string) => `/agents/${agentId}/files/content?path=${encodeURIComponent(path)}`;

async function readBytes(path: string): Promise<Buffer> {
  const response = await fetch(`${stack.webUrl}/api/v1${content(path)}`, {
    headers: { authorization: `Bearer ${ann.token}` },
  });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

async function webMemory(): Promise<number> {
  const status = await readFile(`/proc/${stack.pid("web")}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** `size` bytes of noise, piece by piece, and their hash at the end. */
function noise(size: number): { body: ReadableStream<Uint8Array>; digest(): string } {
  const hash = createHash("sha256");
  const piece = randomBytes(64 * 1024);
  let left = size;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left === 0) return controller.close();
      const bytes = piece.subarray(0, Math.min(left, piece.length));
      left -= bytes.length;
      hash.update(bytes);
      controller.enqueue(new Uint8Array(bytes));
    },
  });
  return { body, digest: () => hash.digest("hex") };
}

async function put(path: string, body: ReadableStream<Uint8Array>): Promise<Response> {
  return fetch(`${stack.webUrl}/api/v1${content(path)}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ann.token}` },
    body,
    duplex: "half",
  } as RequestInit);
}

describe("files", () => {
  test("what is put is listed, read byte by byte, and removed", async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 0xe4, 0xb8, 0xad]);
    expect((await ann.call("PUT", content("src/中文 ☕.bin"), { body: bytes })).status).toBe(204);
    const { body } = await ann.call("GET", `/agents/${agentId}/files?path=src`);
    expect(body.files).toMatchObject([{ path: "src/中文 ☕.bin", type: "file", size: 7 }]);
    expect(await readBytes("src/中文 ☕.bin")).toEqual(bytes);
    expect((await ann.call("DELETE", content("src"))).status).toBe(204);
    expect((await ann.call("GET", content("src/中文 ☕.bin"))).status).toBe(404);
  });

  test("a file that is not there is not found", async () => {
    for (const method of ["GET", "DELETE"]) {
      expect((await ann.call(method, content("nothing.txt"))).status).toBe(404);
    }
  });

  test("a file's bytes are never a page of ours", async () => {
    await ann.call("PUT", content("page.html"), { body: "<script>alert(1)</script>" });
    const { headers } = await ann.call("GET", content("page.html"));
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("content-disposition")).toBe("attachment");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("sandbox");
  });

  test("80 MiB go in and out without being held in memory", async () => {
    const before = await webMemory();
    const size = 80 * 1024 * 1024;
    const { body, digest } = noise(size);
    expect((await put("large.bin", body)).status).toBe(204);
    const response = await fetch(`${stack.webUrl}/api/v1${content("large.bin")}`, {
      headers: { authorization: `Bearer ${ann.token}` },
    });
    const hash = createHash("sha256");
    for await (const chunk of (response.body as ReadableStream<Uint8Array>).values()) hash.update(chunk);
    expect(hash.digest("hex")).toBe(digest());
    expect((await webMemory()) - before).toBeLessThan(size);
    await ann.call("DELETE", content("large.bin"));
  }, 120_000);

  test("a file over 100 MiB is refused, announced or not, and leaves nothing", async () => {
    const size = 101 * 1024 * 1024;
    expect((await put("too-large.bin", noise(size).body)).status).toBe(413);
    expect((await ann.call("GET", content("too-large.bin"))).status).toBe(404);
    const { body } = await ann.call("GET", `/agents/${agentId}/files`);
    expect(body.files.map(({ path }: { path: string }) => path)).toEqual(["page.html"]);
  }, 120_000);
});

describe("exec", () => {
  const exec = (json: unknown) => ann.call("POST", `/agents/${agentId}/exec`, { json });

  test("says how it ended and what it said", async () => {
    const { status, body } = await exec({ language: "bash", code: "echo out; echo err >&2; exit 3" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ exitCode: 3, stdout: "out\n", stderr: "err\n", timedOut: false });
  });

  test("an endless loop ends at its limit", async () => {
    const { body } = await exec({ language: "bash", code: "while true; do :; done", timeoutMs: 500 });
    expect(body.timedOut).toBe(true);
  });
});

describe("the workspace", () => {
  test("shows what it is, stops, and starts with its files", async () => {
    const { body } = await ann.call("GET", "/workspace");
    expect(body.state).toBe("running");
    expect(Object.keys(body.languages)).toContain("javascript");
    expect((await ann.call("POST", "/workspace/stop")).body.state).toBe("stopped");
    expect((await ann.call("POST", "/workspace/start")).body.state).toBe("running");
    expect((await readBytes("page.html")).toString()).toContain("alert");
  });

  test("of an agent that is deleted the files go", async () => {
    const other = (await ann.call("POST", "/agents", { json: { name: "Gone" } })).body.id;
    await ann.call("PUT", `/agents/${other}/files/content?path=a.txt`, { body: "x" });
    expect((await ann.call("DELETE", `/agents/${other}`)).status).toBe(204);
    expect((await ann.call("GET", `/agents/${other}/files`)).status).toBe(404);
    const { body } = await ann.call("POST", `/agents/${agentId}/exec`, {
      json: { language: "bash", code: "ls .." },
    });
    expect(body.stdout).not.toContain(other);
  });
});

test("models are the gateway's, and an agent may only have one of them", async () => {
  const { body } = await ann.call("GET", "/models");
  expect(body.models).toContainEqual({ id: "demo", provider: "demo", scripted: true });
  expect((await ann.call("PATCH", `/agents/${agentId}`, { json: { model: "demo" } })).status).toBe(200);
  const refused = await ann.call("PATCH", `/agents/${agentId}`, { json: { model: "abacus" } });
  expect(refused.status).toBe(400);
  expect(refused.body.detail).toContain("demo");
});
