import { createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openaiProvider } from "#gateway/providers/openai/openai.ts";
import { checkLedger } from "#ledger/check-ledger.ts";
import { priceOf } from "#ledger/prices.ts";
import { startFakeAnthropic } from "../fakes/anthropic.ts";
import { type FakeOpenai, type OpenaiFault, startFakeOpenai } from "../fakes/openai.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { askPlainly, expectAtOurCost, expectNothingCharged, type Got } from "../support/faults.ts";
import { makeTenant, type RunningGateway, readMoney, startGateway, type Tenant } from "../support/gateway.ts";

/** Everything that can go wrong with a server on OpenAI's wires, for every kind of caller: whose words, and whose cost. */

let database: TestDatabase;
let openai: FakeOpenai;
let gateway: RunningGateway;
let impatient: RunningGateway;
let tenant: Tenant;
const closing: (() => Promise<void>)[] = [];

/** Nobody listens there. */
const NOWHERE = "gpt-4o-mini";
const MODEL = "gpt-5-mini";

beforeAll(async () => {
  database = await freshDatabase();
  openai = await startFakeOpenai();
  const anthropic = await startFakeAnthropic();
  gateway = await startGateway(database.db, anthropic, { providers: await providers({}) });
  impatient = await startGateway(database.db, anthropic, {
    providers: await providers({ idleMs: 700 }),
    limits: { totalMs: 700, wholeMs: 700 },
  });
  closing.push(gateway.close, impatient.close, anthropic.close, openai.close, database.drop);
});

afterAll(async () => {
  for (const close of closing) await close();
});

beforeEach(async () => {
  tenant = await makeTenant(database.db);
});

async function providers(timeouts: { idleMs?: number }) {
  const server = (baseUrl: string, models: string[]) =>
    openaiProvider({
      name: "openai",
      baseUrl,
      apiKey: openai.key,
      models: () => models,
      priceOf: (model, at) => (models.includes(model) ? priceOf(model, at) : null),
      wires: ["chat", "responses", "speech"],
      timeouts,
    });
  return [
    server(openai.url, [MODEL, "tts-1"]),
    server(`http://127.0.0.1:${await unusedPort()}/v1`, [NOWHERE, "tts-1-hd"]),
  ];
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const MESSAGES = [{ role: "user", content: "Hello" }];
const CHAT = { model: MODEL, messages: MESSAGES };
const RESPONSES = { model: MODEL, input: "Hello" };
const ANTHROPIC = { model: MODEL, max_tokens: 100, messages: MESSAGES };
const SPEECH = { model: "tts-1", voice: "alloy", input: "Hello" };

interface Caller {
  path: string;
  body: Record<string, unknown>;
  /** an error within a stream, as this wire says it; null: only a broken connection can */
  inStream: RegExp | null;
  speech?: boolean;
}

const SAID = {
  chat: /data: \{"error":\{"message":/,
  responses: /event: error\ndata: \{"type":"error"/,
  messages: /event: error\ndata: \{"type":"error","error":\{"type":/,
};

const CALLERS: [string, Caller][] = [
  ["Chat Completions, whole", { path: "/v1/chat/completions", body: CHAT, inStream: null }],
  [
    "Chat Completions, streamed",
    { path: "/v1/chat/completions", body: { ...CHAT, stream: true }, inStream: SAID.chat },
  ],
  ["Responses, whole", { path: "/v1/responses", body: RESPONSES, inStream: null }],
  [
    "Responses, streamed",
    { path: "/v1/responses", body: { ...RESPONSES, stream: true }, inStream: SAID.responses },
  ],
  ["speech", { path: "/v1/audio/speech", body: SPEECH, inStream: null, speech: true }],
  ["Messages, translated, whole", { path: "/v1/messages", body: ANTHROPIC, inStream: null }],
  [
    "Messages, translated, streamed",
    { path: "/v1/messages", body: { ...ANTHROPIC, stream: true }, inStream: SAID.messages },
  ],
];

function ask(from: RunningGateway, { path, body }: Caller, model?: string): Promise<Got> {
  return askPlainly(from, tenant, { path, body: model ? { ...body, model } : body });
}

/** An error in the words of the caller's wire, which never holds the operator's key. */
function expectError({ status, text }: Got, caller: Caller, wanted: number): void {
  expect(status).toBe(wanted);
  expect(text).not.toContain(openai.key);
  const body = JSON.parse(text) as Record<string, unknown>;
  const error = { type: expect.any(String), message: expect.any(String) };
  expect(body).toMatchObject(caller.path === "/v1/messages" ? { type: "error", error } : { error });
}

/** Half an answer went out: its end is said in the wire's words, or by a broken connection. */
function expectBrokenOff({ status, text, broken }: Got, { inStream }: Caller): void {
  expect(status).toBe(200);
  if (inStream) expect(text).toMatch(inStream);
  else expect(broken).toBe(true);
}

const nothingCharged = () => expectNothingCharged(database.db, tenant);
const atOurCost = () => expectAtOurCost(database.db, tenant);

describe.each(CALLERS)("%s", (_name, caller) => {
  const streamed = caller.body.stream === true;
  const asStatus = (status: number): [string, OpenaiFault, number] => [
    String(status),
    { kind: "status", status, headers: { "retry-after": "60" } },
    status === 401 || status === 403 ? 502 : status,
  ];

  it.each([400, 401, 403, 404, 413, 429, 500, 529].map(asStatus))(
    "a %s of the provider is said as one, and nothing is entered",
    async (_status, fault, wanted) => {
      openai.failNext(fault);
      expectError(await ask(gateway, caller), caller, wanted);
      expect((await nothingCharged()).entries).toEqual([]);
    },
  );

  it("where nobody listens it is a 502, and nothing is entered", async () => {
    expectError(await ask(gateway, caller, caller.speech ? "tts-1-hd" : NOWHERE), caller, 502);
    expect((await nothingCharged()).entries).toEqual([]);
  });

  it("a connection that breaks before the answer is a 502, and nothing is entered", async () => {
    openai.failNext({ kind: "refuse connection" }, 3);
    expectError(await ask(gateway, caller), caller, 502);
    openai.failNext({ kind: "refuse connection" }, 0);
    expect((await nothingCharged()).entries).toEqual([]);
  });

  it.each(["garbage", "wrong content-type"] as const)(
    "%s is a 502 at our cost, or is read all the same",
    async (kind) => {
      openai.failNext({ kind });
      const got = await ask(gateway, caller);
      // A whole answer that is one is not refused for its name.
      if (got.status === 200) {
        expect(kind === "wrong content-type" && !streamed && !caller.speech).toBe(true);
        return;
      }
      expectError(got, caller, 502);
      await atOurCost();
    },
  );

  it("half an answer is at our cost, and says that it is half", async () => {
    openai.failNext({ kind: "cut after", events: streamed ? 4 : 1 });
    const got = await ask(gateway, caller);
    if (streamed || caller.speech) expectBrokenOff(got, caller);
    else expectError(got, caller, 502);
    await atOurCost();
  });

  it("a hung answer ends when its patience does, at our cost", async () => {
    openai.failNext({ kind: "hangs" });
    const got = await ask(impatient, caller);
    if (streamed || caller.speech) expectBrokenOff(got, caller);
    else expectError(got, caller, 504);
    await atOurCost();
  });

  it("a slow drip ends when the whole time is over, at our cost", async () => {
    openai.failNext({ kind: "drips" });
    const got = await ask(impatient, caller);
    // In the middle of an event nothing can be said but by the connection.
    if (streamed || caller.speech) expect(got.broken || caller.inStream?.test(got.text)).toBe(true);
    else expectError(got, caller, 504);
    await atOurCost();
  });
});

it.each(CALLERS.filter(([, { body }]) => body.stream === true))(
  "%s: nonsense under the right name ends as the wire's own error, at our cost",
  async (_name, caller) => {
    openai.failNext({ kind: "garbage events" });
    expectBrokenOff(await ask(gateway, caller), caller);
    await atOurCost();
  },
);

it.each(CALLERS.filter(([, { speech }]) => !speech))(
  "%s: where usage is missing the charge is an estimate, and says so",
  async (_name, caller) => {
    openai.failNext({ kind: "usage missing" });
    expect((await ask(gateway, caller)).status).toBe(200);
    const { entries, reservations } = await readMoney(database.db, tenant);
    expect({ entries: entries.length, reservations }).toEqual({ entries: 1, reservations: 0 });
    expect(entries[0]).toMatchObject({ estimated: true });
    expect(Number(entries[0]?.cost_micro_usd)).toBeGreaterThan(0);
    // The prompt is guessed too, whatever the answer's translation says of it meanwhile.
    expect(Number(entries[0]?.input_tokens)).toBeGreaterThan(0);
    expect(await checkLedger(database.db.pool)).toEqual([]);
  },
);
