import Anthropic from "@anthropic-ai/sdk";
import { request } from "undici";
import { beforeEach, describe, expect, it } from "vitest";
import { MODEL, personalToken, readMoney, sdk } from "../support/gateway.ts";
import { gatewaySuite } from "../support/gateway-suite.ts";

const HELLO = {
  model: MODEL,
  max_tokens: 100,
  messages: [{ role: "user" as const, content: "Hello, 세계 🌍" }],
};
/** 25 tokens at $3 and 15 at $15 per million */
const COST = 300;

const suite = gatewaySuite();

beforeEach(async () => {
  suite.fake.reply = { text: "Hello from the suite.fake. It says the same each time." };
});

describe("the Messages wire, with Anthropic's own SDK", () => {
  it("answers a whole message, says its cost, and writes one ledger entry with run, agent and step", async () => {
    const { data, response } = await sdk(suite.gateway, suite.tenant.runToken)
      .messages.create(HELLO)
      .withResponse();
    expect(data.content[0]).toMatchObject({ type: "text", text: suite.fake.reply.text });
    expect(response.headers.get("x-carrel-cost-microusd")).toBe(String(COST));
    const callId = response.headers.get("x-carrel-request-id");
    const money = await readMoney(suite.database.db, suite.tenant);
    expect(money.entries).toHaveLength(1);
    expect(money.entries[0]).toMatchObject({
      call_id: callId,
      agent_id: suite.tenant.agentId,
      run_id: suite.tenant.runId,
      step_key: "r1/plan",
      provider: "anthropic",
      model: MODEL,
      input_tokens: 25,
      output_tokens: 15,
      cost_micro_usd: COST,
      provider_cost_micro_usd: COST,
      estimated: false,
    });
    expect(money).toMatchObject({ reservations: 0, runCost: COST, stepCost: COST });
  });

  it("streams byte for byte what the provider sends, and says the cost in a trailer", async () => {
    const body = JSON.stringify({ ...HELLO, stream: true });
    const direct = await request(`${suite.fake.url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": suite.fake.key },
      body,
    });
    const expected = await direct.body.text();
    const through = await request(`${suite.gateway.url}/v1/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${suite.tenant.runToken}` },
      body,
    });
    expect(await through.body.text()).toBe(expected);
    expect(through.trailers["x-carrel-cost-microusd"]).toBe(String(COST));
    expect((await readMoney(suite.database.db, suite.tenant)).runCost).toBe(COST);
  });

  it("streams tool calls through the SDK's own accumulator", async () => {
    suite.fake.reply = {
      text: "One moment.",
      tool: { name: "weather", input: { city: "서울", days: [1, 2, 3] } },
    };
    const stream = sdk(suite.gateway, suite.tenant.runToken).messages.stream({
      ...HELLO,
      tools: [{ name: "weather", input_schema: { type: "object" } }],
    });
    const message = await stream.finalMessage();
    expect(message.stop_reason).toBe("tool_use");
    expect(message.content[1]).toMatchObject({
      type: "tool_use",
      name: "weather",
      input: suite.fake.reply.tool?.input,
    });
    expect(message.usage.output_tokens).toBe(15);
  });

  it("takes a personal token with the scope models, and books the call on no run", async () => {
    const token = await personalToken(suite.database.db, suite.tenant.userId);
    await sdk(suite.gateway, token).messages.create(HELLO);
    const [entry] = (await readMoney(suite.database.db, suite.tenant)).entries;
    expect(entry).toMatchObject({ agent_id: null, run_id: null, step_key: null, cost_micro_usd: COST });
  });

  it("counts tokens and lists models without charging", async () => {
    const client = sdk(suite.gateway, suite.tenant.runToken);
    const { max_tokens: _, ...prompt } = HELLO;
    expect((await client.messages.countTokens(prompt)).input_tokens).toBeGreaterThan(0);
    const ids = (await client.models.list()).data.map((model) => model.id);
    expect(ids).toContain(MODEL);
    expect((await readMoney(suite.database.db, suite.tenant)).entries).toEqual([]);
  });

  it("passes unknown fields and beta headers on, and the operator's key instead of the caller's token", async () => {
    await sdk(suite.gateway, suite.tenant.runToken, {
      "anthropic-beta": "something-2027-01-01",
    }).messages.create({
      ...HELLO,
      a_field_of_next_year: { deep: [1] },
    } as never);
    const sent = suite.fake.requests[0];
    expect(sent?.body).toMatchObject({ a_field_of_next_year: { deep: [1] } });
    expect(sent?.headers["anthropic-beta"]).toBe("something-2027-01-01");
    expect(sent?.headers["x-api-key"]).toBe(suite.fake.key);
    expect(JSON.stringify(sent?.headers)).not.toContain(suite.tenant.runToken);
  });

  it("prices cached tokens apart", async () => {
    suite.fake.reply.usage = {
      input_tokens: 10,
      output_tokens: 20,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
    };
    const system = [
      {
        type: "text" as const,
        text: "x".repeat(5000),
        cache_control: { type: "ephemeral" as const, ttl: "1h" as const },
      },
    ];
    await sdk(suite.gateway, suite.tenant.runToken).messages.create({ ...HELLO, system });
    const [entry] = (await readMoney(suite.database.db, suite.tenant)).entries;
    // 10 x 3 + 20 x 15 + 1000 x 0.3 + 100 x 3.75 + 200 x 6
    expect(entry).toMatchObject({ cost_micro_usd: 2205, cache_read_tokens: 1000, cache_write_tokens: 300 });
  });

  it("carries a 10 MB image", async () => {
    const data = "A".repeat(10 * 1024 * 1024);
    const source = { type: "base64" as const, media_type: "image/png" as const, data };
    await sdk(suite.gateway, suite.tenant.runToken).messages.create({
      ...HELLO,
      messages: [{ role: "user", content: [{ type: "image", source }] }],
    });
    expect(suite.fake.requests[0]?.body.messages).toEqual([
      { role: "user", content: [{ type: "image", source }] },
    ]);
    expect((await readMoney(suite.database.db, suite.tenant)).runCost).toBe(COST);
  });
});

describe("faults of the provider", () => {
  const cases = [
    [400, "invalid_request_error", Anthropic.BadRequestError],
    [404, "not_found_error", Anthropic.NotFoundError],
    [413, "request_too_large", Anthropic.APIError],
    [429, "rate_limit_error", Anthropic.RateLimitError],
    [500, "api_error", Anthropic.InternalServerError],
    [529, "overloaded_error", Anthropic.InternalServerError],
  ] as const;

  it.each(cases)(
    "a %i comes through as the SDK's own error and costs nothing",
    async (status, type, kind) => {
      suite.fake.failNext({ kind: "status", status, type, headers: { "retry-after": "7" } });
      const error = await sdk(suite.gateway, suite.tenant.runToken)
        .messages.create(HELLO)
        .catch((thrown) => thrown);
      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ status, error: { type: "error", error: { type } } });
      expect(error.headers.get("retry-after")).toBe("7");
      expect(await readMoney(suite.database.db, suite.tenant)).toMatchObject({
        entries: [],
        reservations: 0,
        runCost: 0,
      });
    },
  );

  it.each([401, 403])("a %i is told as the operator's matter, without the key", async (status) => {
    suite.fake.failNext({
      kind: "status",
      status,
      type: "authentication_error",
      message: `bad ${suite.fake.key}`,
    });
    const error = await sdk(suite.gateway, suite.tenant.runToken)
      .messages.create(HELLO)
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(Anthropic.InternalServerError);
    expect(error.message).toMatch(/operator/);
    expect(error.message).not.toContain(suite.fake.key);
  });

  it.each(["refuse connection", "garbage"] as const)(
    "%s is a 502 that costs the caller nothing",
    async (kind) => {
      suite.fake.failNext({ kind });
      const error = await sdk(suite.gateway, suite.tenant.runToken)
        .messages.create(HELLO)
        .catch((thrown) => thrown);
      expect(error).toMatchObject({ status: 502, error: { error: { type: "api_error" } } });
      expect(await readMoney(suite.database.db, suite.tenant)).toMatchObject({ reservations: 0, runCost: 0 });
    },
  );

  it.each(["cut after", "error event"] as const)(
    "a stream that is %s half ends as the wire's own error, at our cost",
    async (kind) => {
      suite.fake.failNext({ kind, events: 6 });
      const stream = sdk(suite.gateway, suite.tenant.runToken).messages.stream(HELLO);
      await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
      // The SDK stops reading at the error; the call is settled when its stream has ended.
      await expect
        .poll(async () => (await readMoney(suite.database.db, suite.tenant)).reservations, {
          timeout: 10_000,
        })
        .toBe(0);
      const money = await readMoney(suite.database.db, suite.tenant);
      expect(money).toMatchObject({ reservations: 0, runCost: 0 });
      expect(money.entries[0]).toMatchObject({ cost_micro_usd: 0, estimated: true });
      expect(money.entries[0]?.provider_cost_micro_usd).toBeGreaterThan(0);
      expect(money.entries[0]?.reason).toMatch(/broke off/);
    },
  );

  it("a stream that is cut inside an event breaks the connection", async () => {
    suite.fake.failNext({ kind: "cut inside", events: 6 });
    const stream = sdk(suite.gateway, suite.tenant.runToken).messages.stream(HELLO);
    await expect(stream.finalMessage()).rejects.toThrow();
    expect(await readMoney(suite.database.db, suite.tenant)).toMatchObject({ reservations: 0, runCost: 0 });
  });

  it("an answer without usage is charged by estimate, and marked", async () => {
    suite.fake.failNext({ kind: "usage missing" });
    const answer = await request(`${suite.gateway.url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": suite.tenant.runToken },
      body: JSON.stringify({ ...HELLO, stream: true }),
    });
    await answer.body.dump();
    const [entry] = (await readMoney(suite.database.db, suite.tenant)).entries;
    expect(entry).toMatchObject({ estimated: true });
    expect(entry?.input_tokens).toBeGreaterThan(0);
    expect(entry?.cost_micro_usd).toBeGreaterThan(0);
  });
});
