import { z } from "zod";
import { ok, operation } from "#api/operation.ts";
import { KeyProvider, NewProviderKey, ProviderKey, ProviderKeyList } from "#api/schema/provider-key.ts";
import { listOwnKeys, type OwnKey, removeOwnKey, storeOwnKey } from "#gateway/own-keys.ts";

const params = z.object({ provider: KeyProvider });

export const findProviderKeys = operation({
  id: "listProviderKeys",
  method: "GET",
  path: "/provider-keys",
  scope: "api:read",
  tag: "Money",
  summary: "Your own keys for model providers, masked",
  responses: { 200: { description: "The keys", schema: ProviderKeyList } },
  async handle({ parts, identity }) {
    return ok({ keys: (await listOwnKeys(parts.db, identity.userId)).map(toProviderKey) });
  },
});

export const keepProviderKey = operation({
  id: "putProviderKey",
  method: "PUT",
  path: "/provider-keys/{provider}",
  scope: "api",
  tag: "Money",
  summary:
    "Use a key of your own for a provider: from the next call on it bills you, and calls cost nothing here",
  params,
  body: NewProviderKey,
  responses: { 200: { description: "The key, masked", schema: ProviderKey } },
  async handle({ parts, identity, params: { provider }, body: { key } }) {
    const given = { userId: identity.userId, provider, key };
    return ok(toProviderKey(await storeOwnKey(parts.db, await parts.sealingKey(), given)));
  },
});

export const dropProviderKey = operation({
  id: "deleteProviderKey",
  method: "DELETE",
  path: "/provider-keys/{provider}",
  scope: "api",
  tag: "Money",
  summary: "Forget your own key for a provider; the installation's is used again, at its price",
  params,
  responses: { 204: { description: "Forgotten" } },
  async handle({ parts, identity, params: { provider } }) {
    await removeOwnKey(parts.db, identity.userId, provider);
    return { status: 204 };
  },
});

function toProviderKey({ provider, hint, createdAt }: OwnKey) {
  return { provider, hint, createdAt: createdAt.toISOString() };
}
