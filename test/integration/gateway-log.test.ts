import { Writable } from "node:stream";
import { request } from "undici";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { CallsUnderWay } from "#gateway/calls/under-way.ts";
import { storeOwnKey } from "#gateway/own-keys.ts";
import { Holds } from "#ledger/holds.ts";
import { createLogger, type Logger } from "#platform/log.ts";
import { type FakeAnthropic, type FakeFault, startFakeAnthropic } from "../fakes/anthropic.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { askPlainly } from "../support/faults.ts";
import {
  MODEL,
  makeTenant,
  personalToken,
  type RunningGateway,
  readMoney,
  startGateway,
  type Tenant,
} from "../support/gateway.ts";

/** What an operator reads, at the most talkative level that there is. */

let database: TestDatabase;
let fake: FakeAnthropic;
let gateway: RunningGateway;
let tenant: Tenant;
let written = "";
let log: Logger;

beforeAll(async () => {
  database = await freshDatabase();
  fake = await startFakeAnthropic();
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  log = createLogger("gateway", "trace", stream);
  gateway = await startGateway(database.db, fake, { log, timeouts: { idleMs: 300 } });
});

afterAll(async () => {
  await gateway.close();
  await fake.close();
  await database.drop();
});

beforeEach(async () => {
  written = "";
  tenant = await makeTenant(database.db);
});

const FAULTS: FakeFault[] = [
  { kind: "usage missing" },
  { kind: "status", status: 401, type: "authentication_error", message: "no such key" },
  { kind: "status", status: 400, type: "invalid_request_error", message: "no such field" },
  { kind: "refuse connection" },
  { kind: "garbage" },
  { kind: "hangs" },
  { kind: "cut after", events: 4 },
];

function ask(credential: string, stream: boolean) {
  const messages = [{ role: "user", content: "A sentence that is nobody's business." }];
  const body = { model: MODEL, max_tokens: 100, stream, messages };
  return askPlainly(gateway, { ...tenant, runToken: credential }, { path: "/v1/messages", body });
}

it("holds no key, no token and nothing that was asked or answered, whatever goes wrong", async () => {
  const OWN_KEY = "sk-ant-a-key-of-ones-own-1234";
  const personal = await personalToken(database.db, tenant.userId);
  const secrets = [
    fake.key,
    OWN_KEY,
    tenant.runToken,
    personal,
    "nobody's business",
    "says the same each time",
  ];
  const told: string[] = [];
  for (const fault of FAULTS) {
    for (const stream of [false, true]) {
      fake.failNext({ ...fault, ...(fault.kind === "status" ? { message: `for ${fake.key}` } : {}) });
      told.push((await ask(stream ? personal : tenant.runToken, stream)).text);
    }
  }
  const keys = (await (await request(`${gateway.url}/keys.json`)).body.json()) as { publicKey: object };
  const { userId } = tenant;
  await storeOwnKey(database.db, keys.publicKey, { userId, provider: "anthropic", key: OWN_KEY });
  // The fake refuses it, as a provider does a wrong one.
  const refused = await ask(tenant.runToken, false);
  expect(refused.status).toBe(403);
  await readMoney(database.db, tenant);
  expect(written).toContain('"level":40');
  expect(written.split("\n").length).toBeGreaterThan(FAULTS.length * 2);
  for (const secret of secrets) expect(written, secret).not.toContain(secret);
  for (const secret of [fake.key, OWN_KEY]) expect([...told, refused.text].join()).not.toContain(secret);
});

it("says as an error where the ledger's figures do not agree, and nothing where they do", async () => {
  const underWay = new CallsUnderWay(database.db.pool, new Holds(database.db.pool, () => {}), log);
  await underWay.check();
  expect(written).not.toContain("do not agree");
  await database.db.pool.query(`UPDATE runs SET cost_micro_usd = 7 WHERE id = $1`, [tenant.runId]);
  await underWay.check();
  const line = JSON.parse(written.split("\n").find((one) => one.includes("do not agree")) ?? "{}");
  expect(line).toMatchObject({
    level: 50,
    disagreements: [{ scope: `run:${tenant.runId}`, what: "run", kept: 7, summed: 0 }],
  });
  await underWay.drain(0);
});
