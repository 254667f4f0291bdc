import { request } from "undici";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openaiProvider } from "#gateway/providers/openai/openai.ts";
import { checkLedger } from "#ledger/check-ledger.ts";
import { priceOf } from "#ledger/prices.ts";
import { type FakeAnthropic, startFakeAnthropic } from "../fakes/anthropic.ts";
import { type FakeOpenai, startFakeOpenai } from "../fakes/openai.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { makeTenant, type RunningGateway, readMoney, startGateway, type Tenant } from "../support/gateway.ts";

/** A caller on OpenAI's wires, or translated to them, who goes away in mid-answer. (On the Messages wire: gateway-once.) */

let database: TestDatabase;
let anthropic: FakeAnthropic;
let openai: FakeOpenai;
let gateway: RunningGateway;
let tenant: Tenant;

const MODEL = "gpt-5-mini";
const MESSAGES = [{ role: "user", content: "Hello" }];

beforeAll(async () => {
  database = await freshDatabase();
  anthropic = await startFakeAnthropic();
  openai = await startFakeOpenai();
  const provider = openaiProvider({
    name: "openai",
    baseUrl: openai.url,
    apiKey: openai.key,
    models: () => [MODEL, "tts-1"],
    priceOf,
    wires: ["chat", "responses", "speech"],
  });
  gateway = await startGateway(database.db, anthropic, { providers: [provider] });
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([anthropic.close(), openai.close()]);
  await database.drop();
});

beforeEach(async () => {
  openai.aborted = 0;
  tenant = await makeTenant(database.db);
});

/** Reads until `last` has come, and goes. */
async function leaveAfter(path: string, body: object, last: string | Buffer): Promise<void> {
  const answer = await request(`${gateway.url}${path}`, {
    method: "POST",
    headers: { "x-api-key": tenant.runToken },
    body: JSON.stringify(body),
  });
  let seen = Buffer.alloc(0);
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    seen = Buffer.concat([seen, chunk]);
    // Leaving the loop closes the connection.
    if (seen.includes(last)) break;
  }
  await expect.poll(() => openai.aborted, { timeout: 30_000 }).toBe(1);
}

/** The server sends five pieces and waits: what a token of four bytes makes of the text in them, at $2 a million. */
it.each([
  ["Chat Completions", "/v1/chat/completions", { messages: MESSAGES }, "It says", 7],
  ["Responses", "/v1/responses", { input: "Hello" }, "rom the", 4],
  ["Messages, translated", "/v1/messages", { messages: MESSAGES, max_tokens: 100 }, "It says", 7],
])(
  "%s: the server is broken off, and what had been generated is charged, no more",
  async (_name, path, fields, last, output) => {
    openai.failNext({ kind: "hangs", pieces: 5 });
    await leaveAfter(path, { model: MODEL, stream: true, ...fields }, last);
    const { entries, ...money } = await readMoney(database.db, tenant);
    expect(entries).toMatchObject([
      { estimated: true, output_tokens: output, reason: expect.stringMatching(/caller left/) },
    ]);
    const input = Number(entries[0]?.input_tokens);
    expect(input).toBeGreaterThan(0);
    // $0.25 and $2 a million, rounded up once
    const cost = Math.ceil((input * 25 + output * 200) / 100);
    expect(entries[0]).toMatchObject({ cost_micro_usd: cost, provider_cost_micro_usd: cost });
    expect(money).toMatchObject({ runCost: cost, stepCost: cost, reservations: 0 });
    expect(await checkLedger(database.db.pool)).toEqual([]);
  },
);

it("speech: the server is broken off, and what it was given to read is charged, as it bills that", async () => {
  openai.failNext({ kind: "hangs" });
  const body = { model: "tts-1", voice: "alloy", input: "Hello" };
  await leaveAfter("/v1/audio/speech", body, Buffer.from([0, 1, 2, 3]));
  const { entries, reservations } = await readMoney(database.db, tenant);
  expect(reservations).toBe(0);
  // The provider bills what it was given, at $15 a million characters.
  expect(entries).toMatchObject([{ speech_characters: 5, cost_micro_usd: 75, estimated: false }]);
});
