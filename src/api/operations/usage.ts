import { z } from "zod";
import { ok, operation } from "#api/operation.ts";
import { Id } from "#api/schema/primitives.ts";
import { Receipt, Usage, UsageQuery } from "#api/schema/usage.ts";
import { dayAfter, firstOfMonth, startOfDay } from "#ledger/days-of-zone.ts";
import { readRunCost } from "#ledger/read-run-cost.ts";
import { readUsage, type UsagePeriod } from "#ledger/read-usage.ts";
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
    const period = readPeriod(query, identity.user.timeZone);
    return ok(await readUsage(parts.db, identity.userId, { ...period, groupBy: query.groupBy }));
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
    const lines = usageCsv(parts.db, identity.userId, readPeriod(query, identity.user.timeZone));
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

/** A day as `to` is included whole. @throws AppError bad_request when the period is turned round */
function readPeriod(query: Omit<UsageQuery, "groupBy">, ownZone: string | null): UsagePeriod {
  const { from, to, timeZone = ownZone ?? "UTC" } = query;
  const momentOf = (said: string) => (said.includes("T") ? new Date(said) : startOfDay(said, timeZone));
  const start = momentOf(from ?? firstOfMonth(new Date(), timeZone));
  const until = to && !to.includes("T") ? dayAfter(to) : to;
  const end = until ? momentOf(until) : null;
  if (end && end < start) throw new AppError("bad_request", "to: is before from");
  return { from: start, to: end, timeZone };
}
