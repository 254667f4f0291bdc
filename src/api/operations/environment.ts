import { z } from "zod";
import { changeEnvironment, listEnvironment } from "#agents/private-environment.ts";
import { ok, operation } from "#api/operation.ts";
import { EnvironmentChange, EnvironmentKeys } from "#api/schema/environment.ts";
import { Id } from "#api/schema/primitives.ts";

const params = z.object({ id: Id });

export const readEnvironment = operation({
  id: "listEnvironment",
  method: "GET",
  path: "/agents/{id}/env",
  scope: "api:read",
  tag: "Agents",
  summary: "The names of an agent's private environment",
  params,
  responses: { 200: { description: "The names; values are never returned", schema: EnvironmentKeys } },
  async handle({ parts, identity, params: { id } }) {
    return ok({ keys: await listEnvironment(parts.db, identity.userId, id) });
  },
});

export const editEnvironment = operation({
  id: "changeEnvironment",
  method: "PUT",
  path: "/agents/{id}/env",
  scope: "api",
  tag: "Agents",
  summary:
    "Set or remove (null) private variables: given to every process of this agent that starts from now on, masked in what they say",
  params,
  body: EnvironmentChange,
  responses: { 200: { description: "The names, as they are now", schema: EnvironmentKeys } },
  async handle({ parts, identity, params: { id }, body }) {
    return ok({ keys: await changeEnvironment(parts.db, identity.userId, id, body) });
  },
});
