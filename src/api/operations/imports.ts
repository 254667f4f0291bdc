import { z } from "zod";
import { requireAgent } from "#agents/read-agents.ts";
import { ok, operation } from "#api/operation.ts";
import { CodeImport, NewCodeImport } from "#api/schema/code-import.ts";
import { Id } from "#api/schema/primitives.ts";
import { readImport, requestImport } from "#github/import-repository.ts";

const tag = "Connections";
const params = z.object({ id: Id });

export const findImport = operation({
  id: "readImport",
  method: "GET",
  path: "/agents/{id}/import",
  scope: "api:read",
  tag,
  summary: "How far the repository's code is on its way into the agent; null where it never was",
  params,
  responses: { 200: { description: "The import", schema: CodeImport } },
  async handle({ parts, identity, params: { id } }) {
    await requireAgent(parts.db, identity.userId, id);
    return ok({ import: await readImport(parts.db, identity.userId, id) });
  },
});

export const beginImport = operation({
  id: "beginImport",
  method: "POST",
  path: "/agents/{id}/import",
  scope: "api",
  tag,
  summary: "Start an agent from a branch of the connected repository; 409 when it has worked already",
  params,
  body: NewCodeImport,
  responses: { 202: { description: "The import", schema: CodeImport } },
  async handle({ parts, identity, params: { id }, body }) {
    await requireAgent(parts.db, identity.userId, id);
    await requestImport(parts.db, { userId: identity.userId, agentId: id, branch: body.branch ?? null });
    return { status: 202, body: { import: await readImport(parts.db, identity.userId, id) } };
  },
});
