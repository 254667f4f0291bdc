import { request } from "undici";
import { describe, expect, it } from "vitest";
import { listOwnKeys, openSealing, removeOwnKey, sealKey, storeOwnKey } from "#gateway/own-keys.ts";
import { MODEL, makeTenant, readMoney, sdk } from "../support/gateway.ts";
import { gatewaySuite } from "../support/gateway-suite.ts";

const HELLO = { model: MODEL, max_tokens: 100, messages: [{ role: "user" as const, content: "Hello" }] };

const suite = gatewaySuite({ apiKey: "" });

async function storeKey(key: string): Promise<void> {
  const { body } = await request(`${suite.gateway.url}/keys.json`);
  const { publicKey } = (await body.json()) as { publicKey: object };
  await storeOwnKey(suite.database.db, publicKey, {
    userId: suite.tenant.userId,
    provider: "anthropic",
    key,
  });
}

describe("a key of one's own", () => {
  it("is used where the installation has none, and the call costs nothing, even over the cap", async () => {
    suite.tenant = await makeTenant(suite.database.db, { run: 0 });
    const refused = sdk(suite.gateway, suite.tenant.runToken).messages.create(HELLO);
    await expect(refused).rejects.toMatchObject({ status: 404 });
    await storeKey(suite.fake.key);
    await sdk(suite.gateway, suite.tenant.runToken).messages.create(HELLO);
    expect(suite.fake.requests[0]?.headers["x-api-key"]).toBe(suite.fake.key);
    expect((await readMoney(suite.database.db, suite.tenant)).entries).toMatchObject([
      { input_tokens: 25, cost_micro_usd: 0, provider_cost_micro_usd: 0, reason: "With the user's own key." },
    ]);
  });

  it("is stored so that the database alone does not give it away, and shown by its last characters", async () => {
    await storeKey(suite.fake.key);
    const { rows } = await suite.database.db.pool.query(`SELECT * FROM provider_keys WHERE user_id = $1`, [
      suite.tenant.userId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(suite.fake.key.slice(0, -4));
    expect(await listOwnKeys(suite.database.db, suite.tenant.userId)).toMatchObject([
      { provider: "anthropic", hint: suite.fake.key.slice(-4) },
    ]);
    await removeOwnKey(suite.database.db, suite.tenant.userId, "anthropic");
    await expect(sdk(suite.gateway, suite.tenant.runToken).messages.create(HELLO)).rejects.toMatchObject({
      status: 404,
    });
  });

  it("that the provider refuses is said to be the user's matter, without the key", async () => {
    await storeKey("sk-ant-not-a-good-key");
    const error = await sdk(suite.gateway, suite.tenant.runToken)
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
