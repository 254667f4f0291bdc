import { z } from "zod";
import { once } from "#api/handling/idempotency.ts";
import { ok, operation } from "#api/operation.ts";
import { MESSAGE_BYTES, MessageAccepted, MessageList, NewMessage } from "#api/schema/message.ts";
import { Id, PageQuery } from "#api/schema/primitives.ts";
import { RunList } from "#api/schema/run.ts";
import { AppError } from "#platform/errors.ts";
import { listMessages } from "#runs/list-messages.ts";
import { listRuns } from "#runs/read-run.ts";
import { submitMessageIn } from "#runs/submit-message.ts";

const params = z.object({ id: Id });

export const sendMessage = operation({
  id: "sendMessage",
  method: "POST",
  path: "/agents/{id}/messages",
  scope: "api",
  tag: "Agents",
  summary:
    "Ask for something. Starts a run; waits its turn while one is on; asks for changes while one awaits review",
  params,
  body: NewMessage,
  idempotent: true,
  responses: { 202: { description: "The message, and the run it belongs to", schema: MessageAccepted } },
  async handle(call) {
    const { parts, identity, params, body } = call;
    if (Buffer.byteLength(body.text) > MESSAGE_BYTES) {
      throw new AppError("too_large", `text: a message holds at most ${MESSAGE_BYTES} bytes.`);
    }
    const defaultModel = await parts.models.defaultModel();
    const message = { userId: identity.userId, agentId: params.id, text: body.text, defaultModel };
    return once(call, `POST /agents/${params.id}/messages`, {
      async transaction(client) {
        return { status: 202, body: await submitMessageIn(client, message) };
      },
    });
  },
});

export const findMessages = operation({
  id: "listMessages",
  method: "GET",
  path: "/agents/{id}/messages",
  scope: "api:read",
  tag: "Agents",
  summary: "The conversation, newest first",
  params,
  query: PageQuery,
  responses: { 200: { description: "A page of messages", schema: MessageList } },
  async handle({ parts, identity, params: { id }, query }) {
    return ok(await listMessages(parts.db, identity.userId, id, query));
  },
});

export const findRuns = operation({
  id: "listRuns",
  method: "GET",
  path: "/agents/{id}/runs",
  scope: "api:read",
  tag: "Runs",
  summary: "The agent's runs, newest first",
  params,
  query: PageQuery,
  responses: { 200: { description: "A page of runs", schema: RunList } },
  async handle({ parts, identity, params: { id }, query }) {
    return ok(await listRuns(parts.db, identity.userId, id, query));
  },
});
