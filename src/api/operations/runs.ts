import { z } from "zod";
import { streamEvents, wantsStream } from "#api/handling/stream-events.ts";
import { ok, operation } from "#api/operation.ts";
import { Id } from "#api/schema/primitives.ts";
import { Diff, EventList, ReviewAnswer, Run } from "#api/schema/run.ts";
import { readEvents } from "#events/log.ts";
import { LAST_SEQ } from "#events/vocabulary.ts";
import { AppError } from "#platform/errors.ts";
import { answerReview } from "#runs/answer-review.ts";
import { cancelRun } from "#runs/cancel-run.ts";
import { readRun } from "#runs/read-run.ts";
import { readRunTrees } from "#runs/read-run-trees.ts";
import { diffTrees } from "#snapshots/diff-trees.ts";

const params = z.object({ id: Id });

/** Events in one JSON answer. */
const EVENTS = 10_000;

export const findRun = operation({
  id: "readRun",
  method: "GET",
  path: "/runs/{id}",
  scope: "api:read",
  tag: "Runs",
  summary: "A run, its steps and what it asks",
  params,
  responses: { 200: { description: "The run", schema: Run } },
  async handle({ parts, identity, params: { id } }) {
    return ok(await readRun(parts.db, identity.userId, id));
  },
});

export const findEvents = operation({
  id: "readEvents",
  method: "GET",
  path: "/runs/{id}/events",
  scope: "api:read",
  tag: "Runs",
  summary:
    "The run's events after a sequence number; as text/event-stream a live stream, `id:` = seq, Last-Event-ID honoured",
  params,
  query: z.strictObject({
    after: z.coerce.number().int().min(0).max(LAST_SEQ).default(0),
    limit: z.coerce.number().int().min(1).max(EVENTS).default(EVENTS),
  }),
  responses: {
    200: {
      description: "The events",
      schema: EventList,
      content: ["application/json", "text/event-stream"],
    },
  },
  async handle(call) {
    const { parts, identity, params, query, request } = call;
    await readRun(parts.db, identity.userId, params.id);
    if (wantsStream(request)) return streamEvents(parts, identity, request, { runId: params.id, ...query });
    return ok({ events: await readEvents(parts.db.pool, params.id, query.after, query.limit) });
  },
});

export const stopRun = operation({
  id: "cancelRun",
  method: "POST",
  path: "/runs/{id}/cancel",
  scope: "api",
  tag: "Runs",
  summary: "End a run; asking twice is the same as once",
  params,
  responses: {
    202: { description: "The run; `cancelled` at once, or in a moment where it is running", schema: Run },
  },
  async handle({ parts, identity, params: { id } }) {
    return { status: 202, body: await cancelRun(parts.db, { userId: identity.userId, runId: id }) };
  },
});

export const reviewRun = operation({
  id: "answerReview",
  method: "POST",
  path: "/runs/{id}/review",
  scope: "api",
  tag: "Runs",
  summary: "Answer what the run asks; 409 when it asks nothing, or when treeHash is not what it asks about",
  params,
  body: ReviewAnswer,
  responses: { 200: { description: "The run after the answer", schema: Run } },
  async handle({ parts, identity, params: { id }, body }) {
    return ok(await answerReview(parts.db, { userId: identity.userId, runId: id, ...body }));
  },
});

export const findDiff = operation({
  id: "readDiff",
  method: "GET",
  path: "/runs/{id}/diff",
  scope: "api:read",
  tag: "Runs",
  summary: "What the run's result changes, by file",
  params,
  responses: { 200: { description: "The changes", schema: Diff } },
  async handle({ parts, identity, params: { id } }) {
    const { baseTreeHash, treeHash } = await readRunTrees(parts.db, identity.userId, id);
    if (!treeHash) throw new AppError("conflict", "The run has no result yet.");
    const { files } = await diffTrees(parts.db, identity.userId, baseTreeHash, treeHash);
    return ok({ baseTreeHash, treeHash, files });
  },
});
