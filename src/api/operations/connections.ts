import { ok, operation } from "#api/operation.ts";
import { Billing, ModelList } from "#api/schema/connection.ts";

export const findModels = operation({
  id: "listModels",
  method: "GET",
  path: "/models",
  scope: "api:read",
  tag: "Agents",
  summary: "The models that the gateway offers",
  responses: { 200: { description: "The models", schema: ModelList } },
  async handle({ parts }) {
    return ok({ models: await parts.models.list() });
  },
});

export const findBilling = operation({
  id: "readBilling",
  method: "GET",
  path: "/billing",
  scope: "api:read",
  tag: "Connections",
  summary: "The connection to Stripe, and what it lacks",
  responses: { 200: { description: "The connection", schema: Billing } },
  async handle({ parts, identity }) {
    const { billing: missing } = parts.missing;
    return ok({ configured: missing.length === 0, missing, tier: identity.user.tier } satisfies Billing);
  },
});
