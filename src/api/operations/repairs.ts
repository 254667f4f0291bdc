import { z } from "zod";
import { requireAgent } from "#agents/read-agents.ts";
import { ok, operation } from "#api/operation.ts";
import { MessageAccepted } from "#api/schema/message.ts";
import { Id } from "#api/schema/primitives.ts";
import { RepairList } from "#api/schema/repair.ts";
import { listRepairs } from "#github/read-repairs.ts";
import { dismissRepair as dismissRepairOf, startRepair as startRepairOf } from "#runs/start-repair.ts";

const params = z.object({ id: Id });
const repairParams = z.object({ id: Id, r: Id });

export const findRepairs = operation({
  id: "listRepairs",
  method: "GET",
  path: "/agents/{id}/repairs",
  scope: "api:read",
  tag: "Versions",
  summary: "Reasons for another run: failed checks, comments that call the agent, conflicts; oldest first",
  params,
  responses: { 200: { description: "What is offered now", schema: RepairList } },
  async handle({ parts, identity: { userId }, params: { id } }) {
    await requireAgent(parts.db, userId, id);
    return ok({ repairs: await listRepairs(parts.db, userId, id) });
  },
});

export const startRepair = operation({
  id: "startRepair",
  method: "POST",
  path: "/agents/{id}/repairs/{r}/start",
  scope: "api",
  tag: "Versions",
  summary: "Begin the run that an offer is about; its result is the next version",
  params: repairParams,
  responses: { 202: { description: "The message, and the run it belongs to", schema: MessageAccepted } },
  async handle({ parts, identity: { userId }, params: { id, r } }) {
    const defaultModel = await parts.models.defaultModel();
    const chosen = { userId, agentId: id, repairId: r, defaultModel };
    return { status: 202, body: await startRepairOf(parts.db, chosen) };
  },
});

export const dismissRepair = operation({
  id: "dismissRepair",
  method: "DELETE",
  path: "/agents/{id}/repairs/{r}",
  scope: "api",
  tag: "Versions",
  summary: "The offer is not wanted",
  params: repairParams,
  responses: { 204: { description: "It is offered no more" } },
  async handle({ parts, identity: { userId }, params: { id, r } }) {
    await dismissRepairOf(parts.db, { userId, agentId: id, repairId: r });
    return { status: 204 };
  },
});
