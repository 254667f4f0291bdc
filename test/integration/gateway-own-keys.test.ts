import { request } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listOwnKeys, openSealing, removeOwnKey, sealKey, storeOwnKey } from "#gateway/own-keys.ts";
import { type FakeAnthropic, startFakeAnthropic } from "../fakes/anthropic.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import {
  MODEL,
  makeTenant,
  type RunningGateway,
  readMoney,
  sdk,
  startGateway,
  type Tenant,
} from "../support/gateway.ts";

let database: TestDatabase;
let fake: FakeAnthropic;
let gateway: RunningGateway;
let tenant: Tenant;

const HELLO = { model: MODEL, max_tokens: 100, messages: [{ role: "user" as const, content: "Hello" }] };

beforeAll(async () => {
  database = await freshDatabase();
  fake = await startFakeAnthropic();
  gateway = await startGateway(database.db, fake, { apiKey: "" });
});

afterAll(async () => {
  await gateway.close();
  await fake.close();
  await database.drop();
});

beforeEach(async () => {
  fake.requests.length = 0;
  tenant = await makeTenant(database.db);
});

async function storeKey(key: string): Promise<void> {
  const { body } = await request(`${gateway.url}/keys.json`);
  const { publicKey } = (await body.json()) as { publicKey: object };
  await storeOwnKey(database.db, publicKey, { userId: tenant.userId, provider: "anthropic", key });
}

describe("a key of one's own", () => {
  it("is used where the installation has none, and the call costs nothing, even over the cap", async () => {
    tenant = await makeTenant(database.db, { run: 0 });
    const refused = sdk(gateway, tenant.runToken).messages.create(HELLO);
    await expect(refused).rejects.toMatchObject({ status: 404 });
    await storeKey(fake.key);
    await sdk(gateway, tenant.runToken).messages.create(HELLO);
    expect(fake.requests[0]?.headers["x-api-key"]).toBe(fake.key);
    expect((await readMoney(database.db, tenant)).entries).toMatchObject([
      { input_tokens: 25, cost_micro_usd: 0, provider_cost_micro_usd: 0, reason: "With the user's own key." },
    ]);
  });

  it("is stored so that the database alone does not give it away, and shown by its last characters", async () => {
    await storeKey(fake.key);
    const { rows } = await database.db.pool.query(`SELECT * FROM provider_keys WHERE user_id = $1`, [
      tenant.userId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(fake.key.slice(0, -4));
    expect(await listOwnKeys(database.db, tenant.userId)).toMatchObject([
      { provider: "anthropic", hint: fake.key.slice(-4) },
    ]);
    await removeOwnKey(database.db, tenant.userId, "anthropic");
    await expect(sdk(gateway, tenant.runToken).messages.create(HELLO)).rejects.toMatchObject({ status: 404 });
  });

  it("that the provider refuses is said to be the user's matter, without the key", async () => {
    await storeKey("sk-ant-not-a-good-key");
    const error = await sdk(gateway, tenant.runToken)
      .messages.create(HELLO)
      .catch((thrown) => thrown);
    expect(error.status).toBe(403);
    expect(error.message).toMatch(/your own key/);
    expect(error.message).not.toContain("sk-ant-not");
  });

  it("opens for its user, its provider and its installation alone", async () => {
    const sealing = await openSealing("one secret");
    const of = { userId: "a", provider: "openai" };
    const sealed = await sealKey(sealing.publicKey, "sk-secret", of);
    expect(await sealing.open(sealed, of)).toBe("sk-secret");
    const other = await openSealing("another secret");
    const refused = { code: "unavailable", message: expect.not.stringContaining("sk-secret") };
    await expect(sealing.open(sealed, { ...of, userId: "b" })).rejects.toMatchObject(refused);
    await expect(sealing.open(sealed, { ...of, provider: "anthropic" })).rejects.toMatchObject(refused);
    await expect(other.open(sealed, of)).rejects.toMatchObject(refused);
  });
});
