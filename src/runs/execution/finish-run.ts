import type pg from "pg";
import type { EngineOutcome } from "#engines/engine.ts";
import { appendEvents } from "#events/log.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { storableJson } from "#platform/storable.ts";
import type { Execution } from "#runs/execution/execution.ts";
import { Interruption } from "#runs/execution/interruption.ts";
import { isCancelRequested, leaveRun } from "#runs/execution/leave-run.ts";
import type { LoadedRun } from "#runs/execution/load-run.ts";
import { isClear, lookAtResult, type Result } from "#runs/execution/look-at-result.ts";
import { isAway, patiently } from "#runs/execution/patiently.ts";
import { addMessage } from "#runs/transitions/add-message.ts";
import { addPublishedVersion } from "#runs/transitions/add-published-version.ts";
import { announceWork } from "#runs/work-channel.ts";
import type { TreeSource } from "#snapshots/capture-tree.ts";

type Review = Extract<EngineOutcome, { kind: "review" }>;

/**
 * Writes down how the execution ended, in one transaction and only while the run is held.
 * @throws Interruption when it is held by another, or was cancelled in the last moment
 */
export async function finishRun(
  db: Database,
  execution: Execution,
  run: LoadedRun,
  directory: TreeSource,
  outcome: EngineOutcome,
): Promise<void> {
  if (outcome.kind === "failed") return failRun(db, execution, outcome);
  if (outcome.kind === "done") {
    return leaving(db, execution, { status: "succeeded" }, (client) =>
      speak(client, execution, outcome.message),
    );
  }
  const look = () => lookAtResult(db, execution, directory);
  const result = outcome.review === "result" ? await patiently(execution, look, isAway) : null;
  if (result && run.policy.publish === "auto" && isProven(outcome) && isClear(result))
    return acceptAtOnce(db, execution, outcome, result.treeHash);
  await askPerson(db, execution, run, outcome, result);
}

/** Only what its tests have proven, and what can be published, goes without a question. */
function isProven({ figures }: Review): boolean {
  return (
    figures !== undefined && figures.testsPassed > 0 && figures.testsFailed === 0 && figures.findings === 0
  );
}

export async function failRun(
  db: Database,
  execution: Execution,
  error: { code: string; detail: string },
): Promise<void> {
  const { code, detail } = error;
  await leaving(db, execution, { status: "failed", detail, error: { code, detail } }, (client) =>
    speak(client, execution, detail),
  );
}

export async function endCancelledRun(db: Database, execution: Execution): Promise<void> {
  await leaving(db, execution, { status: "cancelled" }, async () => {});
}

async function askPerson(
  db: Database,
  execution: Execution,
  run: LoadedRun,
  outcome: Review,
  result: Result | null,
): Promise<void> {
  const treeHash = result?.treeHash ?? null;
  const obstacles = result?.obstacles;
  const { plan, budget } = outcome;
  await leaving(db, execution, { status: "awaiting_review" }, async (client, { costMicroUsd }) => {
    const figures = outcome.figures ? { ...outcome.figures, costMicroUsd } : undefined;
    await client.query(
      "INSERT INTO reviews (id, run_id, round, kind, tree_hash, summary) VALUES ($1, $2, $3, $4, $5, $6)",
      [
        newId(),
        execution.runId,
        run.round,
        outcome.review,
        treeHash,
        storableJson({ text: outcome.summary, figures, obstacles, plan, budget }),
      ],
    );
    await speak(client, execution, outcome.summary);
    await appendEvents(client, { runId: execution.runId }, [
      {
        body: {
          type: "review_requested",
          kind: outcome.review,
          treeHash: treeHash ?? undefined,
          summary: outcome.summary,
          figures,
          obstacles,
          budget,
        },
      },
    ]);
  });
}

async function acceptAtOnce(
  db: Database,
  execution: Execution,
  outcome: Review,
  treeHash: string,
): Promise<void> {
  await leaving(db, execution, { status: "succeeded" }, async (client) => {
    await speak(client, execution, outcome.summary);
    const { agentId, runId } = execution;
    await addPublishedVersion(client, { agentId, runId, treeHash });
  });
}

interface Ending {
  status: "awaiting_review" | "succeeded" | "failed" | "cancelled";
  detail?: string;
  error?: { code: string; detail: string };
}

/** The transition, what belongs to it, and the event that tells of it. The agent's lock comes first, as everywhere. */
async function leaving(
  db: Database,
  execution: Execution,
  to: Ending,
  also: (client: pg.PoolClient, figures: { costMicroUsd: number }) => Promise<void>,
): Promise<void> {
  await inTransaction(db.pool, async (client) => {
    await client.query("SELECT FROM agents WHERE id = $1 FOR NO KEY UPDATE", [execution.agentId]);
    const left = await leaveRun(client, execution, to);
    if (!left) throw new Interruption((await isCancelRequested(client, execution)) ? "cancelled" : "lost");
    await also(client, left);
    const { status, detail } = to;
    await appendEvents(client, { runId: execution.runId }, [
      { body: { type: "run_status", status, detail } },
    ]);
    // A slot is free, and the agent's next run may begin.
    await announceWork(client, { kind: "claim" });
  });
}

async function speak(client: pg.PoolClient, execution: Execution, text: string): Promise<void> {
  const { userId, agentId, runId } = execution;
  await addMessage(client, { userId, agentId, runId, role: "agent", text });
}
