import { readEvents } from "#events/log.ts";
import type { RunEvent } from "#events/vocabulary.ts";
import type { Database } from "#platform/db.ts";
import { type ApiClient, apiClient } from "./api-client.ts";
import { runState, until } from "./runs.ts";
import type { Stack } from "./stack.ts";

export interface BuilderRun {
  client: ApiClient;
  agentId: string;
  runId: string;
}

/** An agent of a user, and a message to it, through the API. */
export async function startBuilderRun(stack: Stack, text: string, email: string): Promise<BuilderRun> {
  const client = await apiClient(stack.webUrl, stack.database.db, email);
  const agent = await client.call("POST", "/agents", { json: { name: "Builder" } });
  if (agent.status !== 201) throw new Error(`no agent: ${JSON.stringify(agent.body)}`);
  const sent = await client.call("POST", `/agents/${agent.body.id}/messages`, { json: { text } });
  if (sent.status !== 202) throw new Error(`no run: ${JSON.stringify(sent.body)}`);
  return { client, agentId: agent.body.id, runId: sent.body.run.id };
}

/** Waits until the run asks for its review. */
export async function untilReview(db: Database, runId: string): Promise<void> {
  await until(`review of ${runId}`, async () => {
    const { status, error } = await runState(db, runId);
    if (status === "failed" || status === "cancelled") throw new Error(`${status}: ${JSON.stringify(error)}`);
    return status === "awaiting_review";
  });
}

export async function allEvents(db: Database, runId: string): Promise<RunEvent[]> {
  return readEvents(db.pool, runId, 0, 100_000);
}

/**
 * What the run said, step by step, without what time and chance decide: when, how long, which of the files that are
 * written at the same time was first, and where a process's output was cut.
 */
export function essence(events: RunEvent[]): string[] {
  const outputs = new Map<string, string>();
  const ordered = events.toSorted((a, b) => stepOf(a).localeCompare(stepOf(b)));
  const said = ordered.flatMap((event) => {
    if (event.type === "output" && event.step?.includes("/check:")) {
      outputs.set(event.step, (outputs.get(event.step) ?? "") + event.text);
      return [];
    }
    if (event.type === "plan" && stepOf(event).includes("/write:")) return [`${stepOf(event)}: plan`];
    const words = JSON.stringify(event, (key, value) => (VARYING.has(key) ? undefined : value));
    // Where a runner leaves its report is named after its run.
    return [words.replaceAll(/\.carrel\/[0-9a-f]{40}/g, ".carrel/#")];
  });
  return [...said, ...[...outputs].sort().map(([step, text]) => `${step}: ${withoutChance(text)}`)];
}

function stepOf(event: RunEvent): string {
  return "step" in event ? (event.step ?? "") : "";
}

const VARYING = new Set(["at", "runId", "seq", "durationMs"]);

function withoutChance(text: string): string {
  return text
    .replaceAll(/duration_ms:? [\d.]+/g, "duration #")
    .replaceAll(/ in [\d.]+s/g, " in #")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "#");
}

/** How often each step's calls were charged. */
export async function charges(db: Database, runId: string): Promise<Record<string, number>> {
  const { rows } = await db.pool.query<{ step: string; n: number }>(
    "SELECT step_key AS step, count(*) AS n FROM ledger_entries WHERE run_id = $1 AND cost_micro_usd > 0 GROUP BY 1 ORDER BY 1",
    [runId],
  );
  return Object.fromEntries(rows.map(({ step, n }) => [step, n]));
}

export async function reviewTree(db: Database, runId: string): Promise<string> {
  const { rows } = await db.pool.query<{ tree: string }>(
    "SELECT tree_hash AS tree FROM reviews WHERE run_id = $1 ORDER BY round DESC LIMIT 1",
    [runId],
  );
  return rows[0]?.tree as string;
}
