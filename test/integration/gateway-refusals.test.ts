import Anthropic from "@anthropic-ai/sdk";
import { request } from "undici";
import { describe, expect, it } from "vitest";
import { signRunToken } from "#gateway/run-token.ts";
import { setBudget } from "#ledger/monthly-budget.ts";
import {
  MODEL,
  makeTenant,
  personalToken,
  RUN_TOKEN_SECRET,
  readMoney,
  sdk,
  startGateway,
} from "../support/gateway.ts";
import { gatewaySuite } from "../support/gateway-suite.ts";

const HELLO = { model: MODEL, max_tokens: 100, messages: [{ role: "user" as const, content: "Hello" }] };

const suite = gatewaySuite();

async function post(body: string | Uint8Array, headers: Record<string, string> = {}, path = "/v1/messages") {
  const answer = await request(`${suite.gateway.url}${path}`, {
    method: "POST",
    headers: { "x-api-key": suite.tenant.runToken, "content-type": "application/json", ...headers },
    body,
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: (await answer.body.json()) as { type: string; error: { type: string; message: string } },
  };
}

async function tokenFor(claims: Partial<Parameters<typeof signRunToken>[1]>, ttl = 600): Promise<string> {
  const { userId, agentId, runId } = suite.tenant;
  return signRunToken(RUN_TOKEN_SECRET, { userId, agentId, runId, fence: 7, step: null, ...claims }, ttl);
}

function refusal(token: string): Promise<InstanceType<typeof Anthropic.APIError>> {
  return sdk(suite.gateway, token)
    .messages.create(HELLO)
    .then(
      () => expect.fail("the call was not refused"),
      (error: InstanceType<typeof Anthropic.APIError>) => error,
    );
}

describe("who may not call", () => {
  it("refuses a missing or unknown credential with 401 in the wire's shape", async () => {
    const missing = await post(JSON.stringify(HELLO), { "x-api-key": "" });
    expect(missing).toMatchObject({
      status: 401,
      body: { type: "error", error: { type: "authentication_error" } },
    });
    for (const token of ["carrel_nobody", "a.b.c", "sk-ant-real-looking"]) {
      expect(await refusal(token), token).toBeInstanceOf(Anthropic.AuthenticationError);
    }
  });

  it("refuses a token of an older fence, an expired one, one of another secret, and one of another's run", async () => {
    const other = await makeTenant(suite.database.db);
    const forged = await signRunToken(
      "another secret altogether",
      { ...suite.tenant, fence: 7, step: null },
      600,
    );
    for (const token of [
      await tokenFor({ fence: 6 }),
      await tokenFor({}, -1),
      forged,
      await tokenFor({ runId: other.runId }),
      await tokenFor({ userId: other.userId }),
      await tokenFor({ agentId: other.agentId }),
    ]) {
      expect(await refusal(token)).toBeInstanceOf(Anthropic.AuthenticationError);
    }
    expect(suite.fake.requests).toEqual([]);
  });

  it("refuses the token of a run that is no longer on", async () => {
    await suite.database.db.pool.query(
      `UPDATE runs SET status = 'succeeded', owner = NULL, lease_until = NULL WHERE id = $1`,
      [suite.tenant.runId],
    );
    expect(await refusal(suite.tenant.runToken)).toBeInstanceOf(Anthropic.AuthenticationError);
  });

  it("refuses a personal token without the scope models, and a suspended user, with 403", async () => {
    const token = await personalToken(suite.database.db, suite.tenant.userId, ["api"]);
    expect(await refusal(token)).toBeInstanceOf(Anthropic.PermissionDeniedError);
    await suite.database.db.pool.query(`UPDATE users SET status = 'suspended' WHERE id = $1`, [
      suite.tenant.userId,
    ]);
    expect(await refusal(suite.tenant.runToken)).toBeInstanceOf(Anthropic.PermissionDeniedError);
  });
});

describe("what is not a request", () => {
  const good = JSON.stringify(HELLO);
  const withField = (fields: object) => JSON.stringify({ ...HELLO, ...fields });
  const block = (content: object) => withField({ messages: [{ role: "user", content: [content] }] });
  const cases: [string, string | Uint8Array, number][] = [
    ["half a JSON", good.slice(0, 40), 400],
    ["no body", "", 400],
    [
      "invalid UTF-8",
      Buffer.concat([Buffer.from(good.slice(0, -2)), Buffer.from([0xff]), Buffer.from('"}')]),
      400,
    ],
    ["an array", "[]", 400],
    ["no model", withField({ model: undefined }), 400],
    ["max_tokens 0", withField({ max_tokens: 0 }), 400],
    ["max_tokens beyond reason", withField({ max_tokens: 1e15 }), 400],
    ["no messages", withField({ messages: [] }), 400],
    ["a message of numbers", withField({ messages: [{ role: "user", content: 7 }] }), 400],
    ["a web search", withField({ tools: [{ type: "web_search_20250305", name: "web_search" }] }), 400],
    ["code execution", withField({ tools: [{ type: "code_execution_20250825", name: "c" }] }), 400],
    [
      "MCP servers",
      withField({ mcp_servers: [{ type: "url", url: "http://169.254.169.254", name: "x" }] }),
      400,
    ],
    ["a container", withField({ container: "container_of_somebody" }), 400],
    ["fast mode", withField({ speed: "fast" }), 400],
    ["a file of somebody", block({ type: "document", source: { type: "file", file_id: "file_1" } }), 400],
    ["an image by URL", block({ type: "image", source: { type: "url", url: "http://127.0.0.1/" } }), 400],
    [
      "an image by URL inside a tool result",
      block({
        type: "tool_result",
        tool_use_id: "t",
        content: [{ type: "image", source: { type: "url", url: "http://127.0.0.1/" } }],
      }),
      400,
    ],
    ["an unknown model", withField({ model: "claude-nobody-9" }), 404],
    ["an unpriced model", withField({ model: "claude-3-opus-20240229" }), 404],
    ["the demo model where it is not offered", withField({ model: "demo" }), 404],
  ];

  it.each(cases)(
    "%s is refused in the wire's shape, and nothing is called or reserved",
    async (_name, body, status) => {
      const answer = await post(body);
      expect(answer).toMatchObject({
        status,
        body: { type: "error", error: { message: expect.any(String) } },
      });
      expect(answer.headers["x-carrel-request-id"]).toBeTruthy();
      expect(suite.fake.requests).toEqual([]);
      expect(await readMoney(suite.database.db, suite.tenant)).toMatchObject({
        entries: [],
        reservations: 0,
      });
    },
  );

  it("a key given twice means the same to us and to the provider", async () => {
    await post(`{"max_tokens":1,${good.slice(1)}`);
    expect(suite.fake.requests[0]?.body.max_tokens).toBe(100);
  });

  it("2 MB pass, 33 MB are too large", async () => {
    const content = (bytes: number) =>
      withField({ messages: [{ role: "user", content: "x".repeat(bytes) }] });
    expect((await post(content(2_000_000))).status).toBe(200);
    expect(await post(content(34_000_000))).toMatchObject({
      status: 413,
      body: { error: { type: "request_too_large" } },
    });
  });

  it("an unknown path is 404, a wrong method 405", async () => {
    expect((await post(good, {}, "/v1/nothing")).status).toBe(404);
    expect((await post(good, {}, "/v1/models")).status).toBe(405);
  });
});

describe("over a cap", () => {
  it.each([
    ["run", { run: 2000 }, /run's ceiling/],
    ["agent", { agent: 2000 }, /agent's ceiling/],
  ])("says that it is the %s's and what to do, and the SDK sees 402", async (_name, ceilings, words) => {
    suite.tenant = await makeTenant(suite.database.db, ceilings);
    const error = await refusal(suite.tenant.runToken);
    expect(error.status).toBe(402);
    expect(error.message).toMatch(words);
    expect(error.error).toMatchObject({ error: { type: "billing_error" } });
    expect(await readMoney(suite.database.db, suite.tenant)).toMatchObject({ entries: [], reservations: 0 });
    // The provider was asked to count, which costs nothing, and no more.
    expect(suite.fake.requests.map(({ path }) => path)).toEqual(["/v1/messages/count_tokens"]);
  });

  it("holds the user's own monthly budget", async () => {
    await setBudget(suite.database.db, suite.tenant.userId, 2000);
    expect((await refusal(suite.tenant.runToken)).message).toMatch(/this month's budget/);
    await setBudget(suite.database.db, suite.tenant.userId, null);
    await sdk(suite.gateway, suite.tenant.runToken).messages.create(HELLO);
  });

  it("holds the whole installation's budget", async () => {
    await suite.database.db.pool.query(`INSERT INTO budgets (scope, limit_micro_usd) VALUES ('site', 10)`);
    const error = await refusal(suite.tenant.runToken);
    await suite.database.db.pool.query(`DELETE FROM budgets WHERE scope = 'site'`);
    expect(error.message).toMatch(/installation's budget/);
  });
});

it("limits the calls of a user by the minute, and says when to come back", async () => {
  const strict = await startGateway(suite.database.db, suite.fake, { ratePerMinute: 2 });
  const client = sdk(strict, suite.tenant.runToken);
  await client.messages.create(HELLO);
  await client.messages.create(HELLO);
  const error = await client.messages.create(HELLO).catch((thrown) => thrown);
  await strict.close();
  expect(error).toBeInstanceOf(Anthropic.RateLimitError);
  expect(Number(error.headers.get("retry-after"))).toBeGreaterThan(0);
});

it("limits one token below its user's limit, so that another of the same user still gets through", async () => {
  const strict = await startGateway(suite.database.db, suite.fake, { ratePerMinute: 4 });
  const { userId } = suite.tenant;
  const [wild, calm] = [
    await personalToken(suite.database.db, userId),
    await personalToken(suite.database.db, userId),
  ];
  const neighbour = await makeTenant(suite.database.db);
  const statusOf = (token: string) =>
    sdk(strict, token)
      .messages.create(HELLO)
      .then(
        () => 200,
        (error: { status: number }) => error.status,
      );
  const statuses: number[] = [];
  for (const token of [wild, wild, wild, wild, calm, calm, neighbour.runToken]) {
    statuses.push(await statusOf(token));
  }
  await strict.close();
  // Three quarters of four are one token's; the fourth is another's, and the fifth is nobody's of that user.
  expect(statuses).toEqual([200, 200, 200, 429, 200, 429, 200]);
});

it("offers Anthropic's models only where there is a key", async () => {
  const keyless = await startGateway(suite.database.db, suite.fake, { apiKey: "" });
  const listed = await request(`${keyless.url}/models.json`).then(({ body }) => body.json());
  await keyless.close();
  expect(listed).toEqual({ models: [] });
  const offered = (await request(`${suite.gateway.url}/models.json`).then(({ body }) => body.json())) as {
    models: unknown[];
  };
  expect(offered.models).toContainEqual({ id: MODEL, provider: "anthropic", scripted: false });
});
