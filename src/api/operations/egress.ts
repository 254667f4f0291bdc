import type { ApiParts } from "#api/api-parts.ts";
import { ok, operation } from "#api/operation.ts";
import { Egress, EgressChoice } from "#api/schema/egress.ts";
import { PageQuery } from "#api/schema/primitives.ts";
import type { EgressPolicy } from "#workspaces/egress-policy.ts";
import { listConnections } from "#workspaces/list-connections.ts";

async function show(
  parts: ApiParts,
  userId: string,
  policy: EgressPolicy,
  query: PageQuery,
): Promise<Egress> {
  const { connections, nextCursor } = await listConnections(parts.db.pool, userId, query);
  const written = connections.map((each) => ({
    ...each,
    startedAt: each.startedAt.toISOString(),
    endedAt: each.endedAt?.toISOString() ?? null,
  }));
  return { ...policy, connections: written, nextCursor };
}

export const findEgress = operation({
  id: "readEgress",
  method: "GET",
  path: "/workspace/egress",
  scope: "api:read",
  tag: "Workspace",
  summary: "What your workspace may reach, and what it did reach",
  query: PageQuery,
  responses: { 200: { description: "The choice and a page of connections", schema: Egress } },
  async handle({ parts, identity, query }) {
    const policy = await parts.workspaces.readEgress(identity.userId);
    return ok(await show(parts, identity.userId, policy, query));
  },
});

export const replaceEgress = operation({
  id: "chooseEgress",
  method: "PUT",
  path: "/workspace/egress",
  scope: "api",
  tag: "Workspace",
  summary: "Switch the network on or off, and say which hosts your workspace may reach beside the operator's",
  body: EgressChoice,
  responses: { 200: { description: "The choice and the latest connections", schema: Egress } },
  async handle({ parts, identity, body }) {
    const policy = await parts.workspaces.chooseEgress(identity.userId, body);
    return ok(await show(parts, identity.userId, policy, { limit: 50 }));
  },
});
