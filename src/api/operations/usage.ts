import { z } from "zod";
import { ok, operation } from "#api/operation.ts";
import { Id } from "#api/schema/primitives.ts";
import { Receipt, Usage, UsageQuery } from "#api/schema/usage.ts";
import { readRunCost } from "#ledger/read-run-cost.ts";
import { readUsage } from "#ledger/read-usage.ts";
import { usageCsv } from "#ledger/usage-csv.ts";
import { AppError } from "#platform/errors.ts";
import { readAcceptedLines } from "#runs/read-accepted-lines.ts";

export const findUsage = operation({
  id: "readUsage",
  method: "GET",
  path: "/usage",
  scope: "api:read",
  tag: "Money",
  summary: "What model calls cost in a period, in total and by day, agent, model or run",
  query: UsageQuery,
  responses: { 200: { description: "The sums", schema: Usage } },
  async handle({ parts, identity, query }) {
    const period = { ...readPeriod(query), timeZone: identity.user.timeZone, groupBy: query.groupBy };
    return ok(await readUsage(parts.db, identity.userId, period));
  },
});

export const findReceipt = operation({
  id: "readReceipt",
  method: "GET",
  path: "/runs/{id}/receipt",
  scope: "api:read",
  tag: "Money",
  summary: "What a run cost, by step and model, and what it holds right now",
  params: z.object({ id: Id }),
  responses: { 200: { description: "The receipt; its lines add up", schema: Receipt } },
  async handle({ parts, identity, params: { id } }) {
    const cost = await readRunCost(parts.db, identity.userId, id);
    return ok({ ...cost, acceptedLines: await readAcceptedLines(parts.db, identity.userId, id) });
  },
});

export const downloadUsage = operation({
  id: "downloadUsage",
  method: "GET",
  path: "/usage.csv",
  scope: "api:read",
  tag: "Money",
  summary: "The ledger's entries of a period, one line each",
  query: UsageQuery.omit({ groupBy: true }),
  responses: { 200: { description: "The entries", content: ["text/csv"] } },
  async handle({ parts, identity, query }) {
    const lines = usageCsv(parts.db, identity.userId, readPeriod(query));
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await lines.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await lines.return(undefined);
      },
    });
    return new Response(body, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="carrel-usage.csv"',
        "cache-control": "no-store",
      },
    });
  },
});

const DAY_MS = 24 * 3600 * 1000;

/** A day as `to` is included whole. @throws AppError bad_request when the period is turned round */
function readPeriod({ from, to }: { from?: string; to?: string }): { from: Date; to: Date | null } {
  const start = from ? new Date(from) : firstOfMonth(new Date());
  const end = to ? new Date(new Date(to).getTime() + (to.includes("T") ? 0 : DAY_MS)) : null;
  if (end && end < start) throw new AppError("bad_request", "to: is before from");
  return { from: start, to: end };
}

function firstOfMonth(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
}
