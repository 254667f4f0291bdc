import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkLedger } from "#ledger/check-ledger.ts";
import type { FakeFault } from "../fakes/anthropic.ts";
import { askPlainly, expectAtOurCost, expectNothingCharged, type Got } from "../support/faults.ts";
import { freePorts } from "../support/free-ports.ts";
import { MODEL, type RunningGateway, readMoney, startGateway } from "../support/gateway.ts";
import { gatewaySuite } from "../support/gateway-suite.ts";

/** Everything that can go wrong with Anthropic, or a server on its wire, whose answers go on as they come. */

const suite = gatewaySuite();
let impatient: RunningGateway;
let nowhere: RunningGateway;

beforeAll(async () => {
  const { database, fake } = suite;
  impatient = await startGateway(database.db, fake, {
    timeouts: { idleMs: 700 },
    limits: { totalMs: 700, wholeMs: 700 },
  });
  const [port] = await freePorts(1);
  nowhere = await startGateway(database.db, { ...fake, url: `http://127.0.0.1:${port}` });
});

afterAll(async () => {
  await Promise.all([impatient, nowhere].map((one) => one.close()));
});

const HELLO = { model: MODEL, max_tokens: 100, messages: [{ role: "user", content: "Hello" }] };
const nothingCharged = () => expectNothingCharged(suite.database.db, suite.tenant);
const atOurCost = () => expectAtOurCost(suite.database.db, suite.tenant);

/** An error in the wire's words, which never holds the operator's key. */
function expectError({ status, text }: Got, wanted: number, type: unknown = expect.any(String)): void {
  expect(status).toBe(wanted);
  expect(text).not.toContain(suite.fake.key);
  expect(JSON.parse(text)).toMatchObject({ type: "error", error: { type, message: expect.any(String) } });
}

/** Half an answer went out, and what was said last is that there will be no more. */
function expectBrokenOff({ status, text }: Got): void {
  expect(status).toBe(200);
  expect(text).toMatch(/event: error\ndata: \{"type":"error","error":\{"type":[^\n]*\n\n$/);
}

describe.each([false, true])("Messages, streamed: %s", (stream) => {
  const ask = (from = suite.gateway) =>
    askPlainly(from, suite.tenant, { path: "/v1/messages", body: { ...HELLO, stream } });

  it.each([
    [400, "invalid_request_error", 400, "invalid_request_error"],
    [401, "authentication_error", 502, "api_error"],
    [403, "permission_error", 502, "api_error"],
    [404, "not_found_error", 404, "not_found_error"],
    [413, "request_too_large", 413, "request_too_large"],
    [429, "rate_limit_error", 429, "rate_limit_error"],
    [500, "api_error", 500, "api_error"],
    [529, "overloaded_error", 529, "overloaded_error"],
  ])("a %i of the provider is said as one, and nothing is entered", async (status, type, wanted, said) => {
    const message = `As ordered, for ${suite.fake.key}.`;
    suite.fake.failNext({ kind: "status", status, type, message, headers: { "retry-after": "60" } });
    expectError(await ask(), wanted, said);
    expect((await nothingCharged()).entries).toEqual([]);
  });

  it("where nobody listens it is a 502, and nothing is entered", async () => {
    expectError(await ask(nowhere), 502);
    expect((await nothingCharged()).entries).toEqual([]);
  });

  it("a connection that breaks before the answer is a 502, and nothing is entered", async () => {
    suite.fake.failNext({ kind: "refuse connection" }, 3);
    expectError(await ask(), 502);
    suite.fake.failNext({ kind: "refuse connection" }, 0);
    expect((await nothingCharged()).entries).toEqual([]);
  });

  it("garbage is a 502, or breaks the connection where it came as a stream, at our cost", async () => {
    suite.fake.failNext({ kind: "garbage" });
    const got = await ask();
    // Half a line is out: no event can be said after it.
    if (stream) expect(got).toMatchObject({ status: 200, broken: true });
    else expectError(got, 502);
    await atOurCost();
  });

  it("a stream under a wrong name is a 502 at our cost; a whole answer is read all the same", async () => {
    suite.fake.failNext({ kind: "wrong content-type" });
    const got = await ask();
    if (stream) {
      expectError(got, 502);
      return atOurCost();
    }
    expect(got).toMatchObject({ status: 200, text: expect.stringContaining('"type":"message"') });
    expect(await readMoney(suite.database.db, suite.tenant)).toMatchObject({ runCost: 300, reservations: 0 });
  });

  it("half an answer is at our cost, and says that it is half", async () => {
    suite.fake.failNext({ kind: "cut after", events: 5 });
    const got = await ask();
    if (stream) expectBrokenOff(got);
    else expectError(got, 502);
    await atOurCost();
  });

  it("a hung answer ends when its patience does, at our cost", async () => {
    suite.fake.failNext({ kind: "hangs" });
    const got = await ask(impatient);
    if (stream) expectBrokenOff(got);
    else expectError(got, 504, "timeout_error");
    await atOurCost();
  });

  it("a slow drip ends when the whole time is over, at our cost", async () => {
    suite.fake.failNext({ kind: "drips" });
    const got = await ask(impatient);
    // In the middle of an event nothing can be said but by the connection.
    if (stream) expect(got).toMatchObject({ status: 200, broken: true });
    else expectError(got, 504, "timeout_error");
    await atOurCost();
  });

  it("where usage is missing the charge is an estimate, and says so", async () => {
    suite.fake.failNext({ kind: "usage missing" });
    expect((await ask()).status).toBe(200);
    const { entries, ...money } = await readMoney(suite.database.db, suite.tenant);
    expect(entries).toMatchObject([{ estimated: true, reason: expect.stringMatching(/did not say/) }]);
    const { input_tokens: input, output_tokens: output, cost_micro_usd: cost } = entries[0] ?? {};
    expect(Number(input)).toBeGreaterThan(0);
    expect(Number(output)).toBeGreaterThan(0);
    expect(cost).toBe(Number(input) * 3 + Number(output) * 15);
    expect(money).toMatchObject({ runCost: cost, stepCost: cost, reservations: 0 });
  });
});

it.each<[string, FakeFault]>([
  ["nonsense under the right name", { kind: "garbage events" }],
  ["a provider that says in the stream that it failed", { kind: "error event", events: 6 }],
])("%s ends as the wire's own error, said once, at our cost", async (_name, fault) => {
  suite.fake.failNext(fault);
  const got = await askPlainly(suite.gateway, suite.tenant, {
    path: "/v1/messages",
    body: { ...HELLO, stream: true },
  });
  expectBrokenOff(got);
  expect(got.text.match(/event: error/g)).toHaveLength(1);
  await atOurCost();
});

it("a stream that is cut inside an event breaks the connection, at our cost", async () => {
  suite.fake.failNext({ kind: "cut inside", events: 6 });
  const got = await askPlainly(suite.gateway, suite.tenant, {
    path: "/v1/messages",
    body: { ...HELLO, stream: true },
  });
  expect(got).toMatchObject({ status: 200, broken: true });
  await atOurCost();
});

it("after all of that every sum agrees", async () => {
  expect(await checkLedger(suite.database.db.pool)).toEqual([]);
});
