import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiClient, apiClient } from "../support/api-client.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let ann: ApiClient;
let agentId: string;
let site: http.Server;
let port: number;
let endless = 0;

beforeAll(async () => {
  site = http.createServer((request, response) => {
    if (request.url !== "/endless") return void response.end("reached\n");
    endless += 1;
    const timer = setInterval(() => response.write("more\n"), 20);
    response.once("close", () => {
      clearInterval(timer);
      endless -= 1;
    });
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  port = (site.address() as AddressInfo).port;
  stack = await startStack({
    env: {
      EGRESS_ALLOW_PRIVATE: `localhost:${port}`,
      EGRESS_USER_ALLOW: "localhost:*, *.example.org",
      NPM_CONFIG_REGISTRY: "https://npm.example.org/",
      PIP_INDEX_URL: "https://pypi.example.org/simple/",
    },
  });
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
  agentId = (await ann.call("POST", "/agents", { json: { name: "Net" } })).body.id;
}, 240_000);

afterAll(async () => {
  await stack?.stop();
  site.close();
  site.closeAllConnections();
});

// The machine's own name for itself: programs leave it out of the proxy unless told.
const curl = (path: string, more = "") => `curl -sS --noproxy '' ${more} http://localhost:${port}${path}`;

async function run(code: string): Promise<string> {
  const answer = await ann.call("POST", `/agents/${agentId}/exec`, { json: { language: "bash", code } });
  expect(answer.status).toBe(200);
  return answer.body.stdout + answer.body.stderr;
}

const choose = (json: unknown) => ann.call("PUT", "/workspace/egress", { json });
const read = async () => (await ann.call("GET", "/workspace/egress")).body;

describe("what a workspace may reach", () => {
  test("is on by default, with the operator's list alone", async () => {
    expect(await read()).toMatchObject({ enabled: true, allow: [], connections: [], nextCursor: null });
    expect((await read()).operatorAllow).toEqual(
      expect.arrayContaining(["github.com:443", "npm.example.org:443", "pypi.example.org:443"]),
    );
  });

  test("is refused, written down, allowed by its user, reached, and taken away again", async () => {
    expect(JSON.parse(await run(curl("/")))).toMatchObject({ reason: "not_listed" });
    await expect
      .poll(async () => (await read()).connections[0])
      .toMatchObject({ agentId, host: "localhost", port, outcome: "refused", reason: "not_listed" });

    expect((await choose({ enabled: true, allow: [`LOCALHOST:${port}`] })).body.allow).toEqual([
      `localhost:${port}`,
    ]);
    expect(await run(curl("/"))).toBe("reached\n");
    await expect
      .poll(async () => (await read()).connections[0])
      .toMatchObject({ agentId, outcome: "closed", reason: null, bytesIn: expect.any(Number) });
    expect((await read()).connections[0].bytesIn).toBeGreaterThan(50);

    await choose({ enabled: false, allow: [`localhost:${port}`] });
    expect(JSON.parse(await run(curl("/")))).toMatchObject({ reason: "switched_off" });
    await choose({ enabled: true, allow: [] });
    expect(JSON.parse(await run(curl("/")))).toMatchObject({ reason: "not_listed" });
  });

  test("ends at once what is open when it is switched off", async () => {
    await choose({ enabled: true, allow: [`localhost:${port}`] });
    const streaming = run(curl("/endless", "-N -o /dev/null"));
    await expect.poll(() => endless, { timeout: 10_000 }).toBe(1);
    await choose({ enabled: false, allow: [] });
    await expect.poll(() => endless, { timeout: 10_000 }).toBe(0);
    await streaming;
    await choose({ enabled: true, allow: [] });
  });

  test("the same refusal in quick succession is one entry with a count", async () => {
    // All in one write, so that they come within one batch.
    await run(
      `for i in $(seq 40); do printf 'GET http://localhost:${port}/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'; done > all; exec 3<>/dev/tcp/127.0.0.1/3128; cat all >&3; timeout 5 head -c 2000 <&3 > /dev/null`,
    );
    await expect.poll(async () => (await read()).connections[0].attempts).toBeGreaterThan(1);
  });

  test("pages through the connections", async () => {
    const first = (await ann.call("GET", "/workspace/egress?limit=1")).body;
    expect(first.connections).toHaveLength(1);
    const second = (await ann.call("GET", `/workspace/egress?limit=1&cursor=${first.nextCursor}`)).body;
    expect(second.connections).toHaveLength(1);
    expect(second.connections[0].id < first.connections[0].id).toBe(true);
  });

  test("a host that is none, or that the operator keeps to himself, is refused in words", async () => {
    for (const host of ["http://x.example.org", "x.example.org:0", "a b.example.org", ""]) {
      const { status, body } = await choose({ enabled: true, allow: [host] });
      expect(status, host).toBe(400);
      expect(body.code).toBe("bad_request");
    }
    const beyond = await choose({ enabled: true, allow: ["elsewhere.test"] });
    expect(beyond.status).toBe(403);
    expect(beyond.body.detail).toBe("elsewhere.test can only be allowed by the operator.");
    expect((await choose({ enabled: true, allow: ["x.example.org"], more: 1 })).status).toBe(400);
    expect((await read()).allow).toEqual([]);
  });

  test("another user sees nothing of it, and a token for reading cannot choose", async () => {
    const bob = await apiClient(stack.webUrl, stack.database.db, "bob@example.org");
    expect((await bob.call("GET", "/workspace/egress")).body.connections).toEqual([]);
    const reader = await apiClient(stack.webUrl, stack.database.db, "ann@example.org", ["api:read"]);
    expect((await reader.call("GET", "/workspace/egress")).status).toBe(200);
    const refused = await reader.call("PUT", "/workspace/egress", { json: { enabled: false, allow: [] } });
    expect(refused.status).toBe(403);
  });

  test("the model gateway answers on the workspace's own loopback", async () => {
    const token = await stack.token("ann@example.org");
    const body = JSON.stringify({
      model: "demo",
      max_tokens: 50,
      stream: true,
      messages: [{ role: "user", content: "hello" }],
    });
    const call = `curl -sSN $CARREL_MODELS_URL/v1/messages -H 'x-api-key: ${token}' -H 'anthropic-version: 2023-06-01' -H 'content-type: application/json' -d '${body}'`;
    const said = await run(call);
    expect(said).toContain("event: message_start");
    expect(said).toContain("event: message_stop");
    expect(await run(`curl -sS -o /dev/null -w '%{http_code}' $CARREL_MODELS_URL/v1/models`)).toBe("401");
  });

  test("a runner that died and came back serves the way out again", async () => {
    await choose({ enabled: true, allow: [`localhost:${port}`] });
    expect(await run(curl("/"))).toBe("reached\n");
    await stack.kill("runner");
    await stack.restart("runner");
    await expect.poll(() => run(curl("/")).catch(String), { timeout: 60_000 }).toBe("reached\n");
  });
});
