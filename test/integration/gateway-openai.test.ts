import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { request } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { demoProvider } from "#gateway/providers/demo/demo-provider.ts";
import { openaiProvider } from "#gateway/providers/openai/openai.ts";
import { pricedModels, priceOf } from "#ledger/prices.ts";
import { type FakeAnthropic, startFakeAnthropic } from "../fakes/anthropic.ts";
import { type FakeOpenai, type OpenaiFault, SOUND, startFakeOpenai } from "../fakes/openai.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import {
  makeTenant,
  type RunningGateway,
  readMoney,
  sdk,
  startGateway,
  type Tenant,
} from "../support/gateway.ts";

/** OpenAI's own SDK, unchanged, against the gateway; and Anthropic's, where the server behind it speaks OpenAI's wire. */

let database: TestDatabase;
let fake: FakeAnthropic;
let openai: FakeOpenai;
let gateway: RunningGateway;
let tenant: Tenant;

const MODEL = "gpt-5-mini";
/** 20 tokens at $0.25, 5 cached at $0.025 and 15 at $2 per million, rounded up */
const COST = 36;
const MESSAGES = [{ role: "user" as const, content: "Hello, 세계 🌍" }];
const TOOL = {
  type: "function" as const,
  function: { name: "weather", parameters: { type: "object" } },
};

beforeAll(async () => {
  database = await freshDatabase();
  fake = await startFakeAnthropic();
  openai = await startFakeOpenai();
  const provider = openaiProvider({
    name: "openai",
    baseUrl: openai.url,
    apiKey: openai.key,
    models: () => pricedModels("openai", new Date()),
    priceOf: (model, at) => (priceOf(model, at)?.provider === "openai" ? priceOf(model, at) : null),
    wires: ["chat", "responses", "speech"],
  });
  gateway = await startGateway(database.db, fake, {
    providers: [provider, demoProvider({ offered: true, delayMs: 0 })],
  });
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([fake.close(), openai.close()]);
  await database.drop();
});

beforeEach(async () => {
  openai.requests.length = 0;
  openai.reply = { text: "Hello from the fake. It says the same each time." };
  tenant = await makeTenant(database.db);
});

function client(): OpenAI {
  return new OpenAI({ apiKey: tenant.runToken, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
}

async function post(path: string, body: unknown) {
  const answer = await request(`${gateway.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.runToken}` },
    body: JSON.stringify(body),
  });
  return {
    status: answer.statusCode,
    body: (await answer.body.json()) as { error: Record<string, unknown> },
  };
}

describe("Chat Completions", () => {
  it("answers whole, is booked with every class of token, and is kept nowhere at the provider", async () => {
    const { data, response } = await client()
      .chat.completions.create({ model: MODEL, messages: MESSAGES, store: true })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe(openai.reply.text);
    expect(response.headers.get("x-carrel-cost-microusd")).toBe(String(COST));
    const { entries, runCost } = await readMoney(database.db, tenant);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      provider: "openai",
      model: MODEL,
      input_tokens: 20,
      cache_read_tokens: 5,
      output_tokens: 15,
      reasoning_tokens: 3,
      cost_micro_usd: COST,
    });
    expect(runCost).toBe(COST);
    expect(openai.requests[0]?.body).toMatchObject({ store: false });
    expect(openai.requests[0]?.headers.authorization).toBe(`Bearer ${openai.key}`);
  });

  it("streams tool calls, and says the cost in a trailer", async () => {
    openai.reply = { text: "One moment.", tool: { name: "weather", input: { city: "서울" } } };
    const stream = client().chat.completions.stream({ model: MODEL, messages: MESSAGES, tools: [TOOL] });
    const { choices } = await stream.finalChatCompletion();
    const [call] = choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ function: { name: "weather", arguments: '{"city":"서울"}' } });
    const raw = await request(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${tenant.runToken}` },
      body: JSON.stringify({ model: MODEL, messages: MESSAGES, stream: true }),
    });
    await raw.body.dump();
    expect(raw.trailers["x-carrel-cost-microusd"]).toBe(String(COST));
    expect((await readMoney(database.db, tenant)).runCost).toBe(2 * COST);
  });
});

describe("Responses", () => {
  it("answers whole and streamed", async () => {
    const whole = await client().responses.create({ model: MODEL, input: "Hello" });
    expect(whole.output_text).toBe(openai.reply.text);
    const stream = client().responses.stream({ model: MODEL, input: "Hello" });
    expect((await stream.finalResponse()).output_text).toBe(openai.reply.text);
    expect((await readMoney(database.db, tenant)).runCost).toBe(2 * COST);
    expect(openai.requests.map(({ body }) => body.store)).toEqual([false, false]);
  });
});

describe("speech", () => {
  it("passes the sound on byte for byte, priced by the character", async () => {
    const input = "한국어 말하기 🌍";
    const answer = await client().audio.speech.create({ model: "tts-1", voice: "alloy", input });
    expect(Buffer.from(await answer.arrayBuffer()).equals(SOUND)).toBe(true);
    const [entry] = (await readMoney(database.db, tenant)).entries;
    // UTF-16 units, which are never fewer than characters, at $15 per million
    expect(entry).toMatchObject({ speech_characters: input.length, cost_micro_usd: input.length * 15 });
  });
});

describe("errors in OpenAI's own words", () => {
  const chat = (fields: object) =>
    post("/v1/chat/completions", { model: MODEL, messages: MESSAGES, ...fields });
  const responses = (fields: object) => post("/v1/responses", { model: MODEL, input: "x", ...fields });
  const said = (content: object) => ({ messages: [{ role: "user", content: [content] }] });
  const item = (content: object) => ({ input: [{ role: "user", content: [content] }] });

  it.each([
    ["previous_response_id", () => responses({ previous_response_id: "resp_of_somebody" })],
    ["conversation", () => responses({ conversation: "conv_of_somebody" })],
    ["prompt", () => responses({ prompt: { id: "pmpt_of_somebody" } })],
    ["background", () => responses({ background: true })],
    ["an item by reference", () => responses({ input: [{ type: "item_reference", id: "msg_1" }] })],
    ["a file of somebody", () => responses(item({ type: "input_file", file_id: "file-1" }))],
    ["a file by URL", () => responses(item({ type: "input_file", file_url: "http://169.254.169.254/" }))],
    ["an image by URL", () => responses(item({ type: "input_image", image_url: "http://127.0.0.1/" }))],
    ["web search", () => responses({ tools: [{ type: "web_search" }] })],
    [
      "code interpreter",
      () => responses({ tools: [{ type: "code_interpreter", container: { type: "auto" } }] }),
    ],
    [
      "MCP",
      () => responses({ tools: [{ type: "mcp", server_label: "x", server_url: "http://127.0.0.1/" }] }),
    ],
    ["file search", () => responses({ tools: [{ type: "file_search", vector_store_ids: ["vs_1"] }] })],
    ["web search options", () => chat({ web_search_options: {} })],
    [
      "a chat image by URL",
      () => chat(said({ type: "image_url", image_url: { url: "https://example.org/x" } })),
    ],
    ["a chat file of somebody", () => chat(said({ type: "file", file: { file_id: "file-1" } }))],
    ["audio out", () => chat({ modalities: ["text", "audio"] })],
    ["a dearer tier", () => chat({ service_tier: "priority" })],
    ["no messages", () => chat({ messages: [] })],
    ["no input", () => post("/v1/responses", { model: MODEL })],
    ["a speech of nothing", () => post("/v1/audio/speech", { model: "tts-1", voice: "alloy", input: "" })],
  ])("refuses %s with 400, and nothing is called", async (_name, ask) => {
    const { status, body } = await ask();
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: "invalid_request_error", message: expect.any(String) });
    expect(openai.requests).toEqual([]);
    expect(await readMoney(database.db, tenant)).toMatchObject({ entries: [], reservations: 0 });
  });

  it("says 401, 402 and 404 as the SDK's own errors", async () => {
    const bad = new OpenAI({ apiKey: "carrel_nobody", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const ask = (from: OpenAI, model: string) =>
      from.chat.completions.create({ model, messages: MESSAGES }).catch((error: unknown) => error);
    expect(await ask(bad, MODEL)).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(await ask(client(), "gpt-nobody")).toBeInstanceOf(OpenAI.NotFoundError);
    expect(await ask(client(), "claude-sonnet-4-6")).toMatchObject({
      status: 404,
      message: expect.stringMatching(/POST|at \/v1\/messages/),
    });
    tenant = await makeTenant(database.db, { run: 10 });
    expect(await ask(client(), MODEL)).toMatchObject({ status: 402, code: "insufficient_quota" });
  });

  const faults: [string, OpenaiFault, number][] = [
    ["400", { kind: "status", status: 400 }, 400],
    ["401", { kind: "status", status: 401 }, 502],
    ["429", { kind: "status", status: 429, headers: { "retry-after": "60" } }, 429],
    ["500", { kind: "status", status: 500, headers: { "retry-after": "60" } }, 500],
    ["garbage", { kind: "garbage" }, 502],
    ["a refused connection", { kind: "refuse connection" }, 502],
  ];
  it.each(faults)("passes the provider's %s on, and charges nothing", async (_name, fault, status) => {
    for (const path of ["chat", "responses"] as const) {
      openai.failNext(fault);
      const answer = await (path === "chat" ? chat({}) : responses({}));
      expect(answer, path).toMatchObject({ status, body: { error: { message: expect.any(String) } } });
      expect(JSON.stringify(answer.body)).not.toContain(openai.key);
    }
    expect(await readMoney(database.db, tenant)).toMatchObject({ reservations: 0, runCost: 0 });
  });

  it("a stream that breaks off half ends as the SDK's own error, at our cost", async () => {
    openai.failNext({ kind: "cut after", events: 4 });
    const stream = client().chat.completions.stream({ model: MODEL, messages: MESSAGES });
    await expect(stream.finalChatCompletion()).rejects.toBeInstanceOf(OpenAI.APIError);
    openai.failNext({ kind: "cut after", events: 5 });
    const other = client().responses.stream({ model: MODEL, input: "Hello" });
    await expect(other.finalResponse()).rejects.toThrow();
    await expect
      .poll(async () => (await readMoney(database.db, tenant)).entries.length, { timeout: 10_000 })
      .toBe(2);
    expect(await readMoney(database.db, tenant)).toMatchObject({ reservations: 0, runCost: 0 });
  });

  it("charges by estimate, and says so, where usage is missing", async () => {
    openai.failNext({ kind: "usage missing" });
    await chat({});
    openai.failNext({ kind: "usage missing" });
    await client().responses.stream({ model: MODEL, input: "Hello" }).finalResponse();
    const { entries } = await readMoney(database.db, tenant);
    expect(entries.map(({ estimated }) => estimated)).toEqual([true, true]);
    expect(entries.every((entry) => Number(entry.cost_micro_usd) > 0)).toBe(true);
  });
});

describe("a caller on Anthropic's wire, a server on OpenAI's", () => {
  const ASKED = { model: MODEL, max_tokens: 100, messages: MESSAGES };
  const tools = [{ name: "weather", description: "Weather", input_schema: { type: "object" as const } }];

  it("is answered whole, in its own words", async () => {
    openai.reply.tool = { name: "weather", input: { city: "서울" } };
    const message = await sdk(gateway, tenant.runToken).messages.create({ ...ASKED, tools });
    expect(message).toMatchObject({
      type: "message",
      stop_reason: "tool_use",
      content: [
        { type: "text", text: openai.reply.text },
        { type: "tool_use", id: "call_fake", name: "weather", input: { city: "서울" } },
      ],
      usage: { input_tokens: 20, cache_read_input_tokens: 5, output_tokens: 15 },
    });
    expect((await readMoney(database.db, tenant)).entries[0]).toMatchObject({ cost_micro_usd: COST });
  });

  it("streams text and tools through the SDK's own accumulator", async () => {
    openai.reply.tool = { name: "weather", input: { city: "서울", days: [1, 2] } };
    const stream = sdk(gateway, tenant.runToken).messages.stream({ ...ASKED, tools });
    const message = await stream.finalMessage();
    expect(message.content).toMatchObject([
      { type: "text", text: openai.reply.text },
      { type: "tool_use", name: "weather", input: { city: "서울", days: [1, 2] } },
    ]);
    expect(message.stop_reason).toBe("tool_use");
    expect((await readMoney(database.db, tenant)).runCost).toBe(COST);
  });

  it("asks in the server's words: system, tools, results, images and what stops it", async () => {
    await sdk(gateway, tenant.runToken).messages.create({
      ...ASKED,
      system: [{ type: "text", text: "Be brief." }],
      tools,
      tool_choice: { type: "any" },
      stop_sequences: ["END"],
      ...({ temperature: 0.5 } as object),
      messages: [
        { role: "user", content: "Weather?" },
        {
          role: "assistant",
          content: [
            { type: "text", text: "Looking." },
            { type: "tool_use", id: "t1", name: "weather", input: { city: "Seoul" } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t1", content: [{ type: "text", text: "Rain" }] },
            { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
            { type: "text", text: "And this?" },
          ],
        },
      ],
    });
    expect(openai.requests[0]?.body).toEqual({
      model: MODEL,
      max_tokens: 100,
      stop: ["END"],
      ...({ temperature: 0.5 } as object),
      tool_choice: "required",
      tools: [
        {
          type: "function",
          function: { name: "weather", description: "Weather", parameters: { type: "object" } },
        },
      ],
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Weather?" },
        {
          role: "assistant",
          content: "Looking.",
          tool_calls: [
            { id: "t1", type: "function", function: { name: "weather", arguments: '{"city":"Seoul"}' } },
          ],
        },
        { role: "tool", tool_call_id: "t1", content: "Rain" },
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
            { type: "text", text: "And this?" },
          ],
        },
      ],
    });
  });

  it("sends a large image whole", async () => {
    const data = "iVBOR".repeat(100_000);
    const source = { type: "base64" as const, media_type: "image/png" as const, data };
    const content = [{ type: "image" as const, source }];
    await sdk(gateway, tenant.runToken).messages.create({ ...ASKED, messages: [{ role: "user", content }] });
    const url = `data:image/png;base64,${data}`;
    expect(openai.requests[0]?.body.messages).toEqual([
      { role: "user", content: [{ type: "image_url", image_url: { url } }] },
    ]);
  });

  it("is refused, and broken off, in its own words", async () => {
    openai.failNext({ kind: "status", status: 400 });
    const refused = sdk(gateway, tenant.runToken).messages.create(ASKED);
    await expect(refused).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    openai.failNext({ kind: "cut after", events: 4 });
    const broken = sdk(gateway, tenant.runToken).messages.stream(ASKED);
    await expect(broken.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
    expect(await readMoney(database.db, tenant)).toMatchObject({ reservations: 0, runCost: 0 });
  });
});

describe("the demo model on OpenAI's wires", () => {
  it("chats, calls tools and streams", async () => {
    const whole = await client().chat.completions.create({ model: "demo", messages: MESSAGES });
    expect(whole.choices[0]?.message.content).toMatch(/Demo model, scripted/);
    const asked = [{ role: "user" as const, content: "Create a file notes.txt" }];
    const tool = {
      type: "function" as const,
      function: {
        name: "write_file",
        parameters: { type: "object", properties: { path: { type: "string" } } },
      },
    };
    const stream = client().chat.completions.stream({ model: "demo", messages: asked, tools: [tool] });
    const streamed = await stream.finalChatCompletion();
    const [call] = streamed.choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ function: { name: "write_file" } });
    expect(call?.type === "function" && JSON.parse(call.function.arguments).path).toBe("notes.txt");
  });

  it("answers Responses, with tools, whole and streamed", async () => {
    const whole = await client().responses.create({ model: "demo", input: "Hello" });
    expect(whole.output_text).toMatch(/Demo model, scripted/);
    const tools = [
      {
        type: "function" as const,
        name: "shell",
        strict: false,
        parameters: { type: "object", properties: { command: { type: "array", items: { type: "string" } } } },
      },
    ];
    const stream = client().responses.stream({ model: "demo", input: "Run `ls`", tools });
    const { output } = await stream.finalResponse();
    expect(output.at(-1)).toMatchObject({ type: "function_call", name: "shell" });
  });

  it("speaks: a tone, priced by the character", async () => {
    const answer = await client().audio.speech.create({ model: "demo", voice: "alloy", input: "Hello" });
    expect(Buffer.from(await answer.arrayBuffer()).toString("latin1", 0, 4)).toBe("RIFF");
    const [entry] = (await readMoney(database.db, tenant)).entries;
    expect(entry).toMatchObject({ speech_characters: 5, cost_micro_usd: 5, provider_cost_micro_usd: 0 });
  });

  it("is listed for OpenAI's SDK, too", async () => {
    const ids = (await client().models.list()).data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["demo", MODEL, "tts-1"]));
  });
});
