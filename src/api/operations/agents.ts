import { z } from "zod";
import { changeAgent } from "#agents/change-agent.ts";
import { createAgent } from "#agents/create-agent.ts";
import { deleteAgent } from "#agents/delete-agent.ts";
import { listAgents, readAgent } from "#agents/read-agents.ts";
import { once } from "#api/handling/idempotency.ts";
import { DEFAULT_ENGINE, requireEngine } from "#api/handling/require-engine.ts";
import { ok, operation } from "#api/operation.ts";
import { Agent, AgentChange, AgentList, NewAgent } from "#api/schema/agent.ts";
import { Id, PageQuery } from "#api/schema/primitives.ts";
import { cancelAgentRuns } from "#runs/cancel-run.ts";

const params = z.object({ id: Id });

export const makeAgent = operation({
  id: "createAgent",
  method: "POST",
  path: "/agents",
  scope: "api",
  tag: "Agents",
  summary: "Make an agent; 409 limit_reached when the tier allows no more",
  body: NewAgent,
  idempotent: true,
  responses: { 201: { description: "The new agent", schema: Agent } },
  async handle(call) {
    const { parts, identity, body } = call;
    const engine = body.engine ?? DEFAULT_ENGINE;
    requireEngine(engine);
    if (body.model) await parts.models.require(body.model);
    return once(call, "POST /agents", {
      async statement(sql) {
        return { status: 201, body: await createAgent(sql, identity.userId, { ...body, engine }) };
      },
    });
  },
});

export const findAgents = operation({
  id: "listAgents",
  method: "GET",
  path: "/agents",
  scope: "api:read",
  tag: "Agents",
  summary: "Your agents, newest first, each with the run that is on or was last",
  query: PageQuery,
  responses: { 200: { description: "A page of agents", schema: AgentList } },
  async handle({ parts, identity, query }) {
    return ok(await listAgents(parts.db, identity.userId, query));
  },
});

export const findAgent = operation({
  id: "readAgent",
  method: "GET",
  path: "/agents/{id}",
  scope: "api:read",
  tag: "Agents",
  summary: "An agent",
  params,
  responses: { 200: { description: "The agent", schema: Agent } },
  async handle({ parts, identity, params: { id } }) {
    return ok(await readAgent(parts.db, identity.userId, id));
  },
});

export const editAgent = operation({
  id: "changeAgent",
  method: "PATCH",
  path: "/agents/{id}",
  scope: "api",
  tag: "Agents",
  summary: "Change an agent's settings; null takes one back; runs that have begun keep theirs",
  params,
  body: AgentChange,
  responses: { 200: { description: "The agent, as changed", schema: Agent } },
  async handle({ parts, identity, params: { id }, body }) {
    if (body.engine) requireEngine(body.engine);
    if (body.model) await parts.models.require(body.model);
    return ok(await changeAgent(parts.db, identity.userId, id, body));
  },
});

export const removeAgent = operation({
  id: "deleteAgent",
  method: "DELETE",
  path: "/agents/{id}",
  scope: "api",
  tag: "Agents",
  summary: "Delete an agent, its runs and its files; what it cost stays in the ledger",
  params,
  responses: { 204: { description: "Deleted" } },
  async handle({ parts, identity, params: { id } }) {
    // First the runs: should this process die on the way, the agent is still there to be deleted again.
    await cancelAgentRuns(parts.db, identity.userId, id);
    await deleteAgent(parts.db, identity.userId, id);
    // And what was sent in between.
    await cancelAgentRuns(parts.db, identity.userId, id);
    await parts.workspaces.removeAgent(identity.userId, id).catch((error: unknown) => {
      // Deleted is deleted, reachable workspace or not.
      parts.log.warn({ err: error, agentId: id }, "the files of a deleted agent could not be removed now");
    });
    return { status: 204 };
  },
});
