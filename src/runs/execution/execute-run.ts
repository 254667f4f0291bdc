import { AnthropicError, APIError } from "@anthropic-ai/sdk";
import type { Engine } from "#engines/engine.ts";
import { refusedCall, wordsOf } from "#engines/refused-call.ts";
import { type Database, isPassing } from "#platform/db.ts";
import { isAppError, toAppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import type { ClaimedRun } from "#runs/execution/claim-run.ts";
import { EventWriter } from "#runs/execution/event-writer.ts";
import type { Execution } from "#runs/execution/execution.ts";
import { endCancelledRun, failRun, finishRun } from "#runs/execution/finish-run.ts";
import { Interruption } from "#runs/execution/interruption.ts";
import type { Lease } from "#runs/execution/leases.ts";
import { handOverRun } from "#runs/execution/leave-run.ts";
import { type LoadedRun, loadRun } from "#runs/execution/load-run.ts";
import { runContext } from "#runs/execution/run-context.ts";
import { refuseStandstill } from "#runs/execution/standstill.ts";
import type { Workspace } from "#workspaces/workspace.ts";

/** What executions share in one runner. */
export interface ExecutionServices {
  db: Database;
  log: Logger;
  /** @throws AppError bad_request for one that is not offered */
  engineNamed(name: string): Engine;
  openWorkspace(userId: string): Promise<Workspace>;
  gatewayUrl: string;
  runTokenSecret: string;
}

/**
 * Executes a claimed run until it ends, asks a person, or must be let go. Never rejects: whatever happens is written
 * to the run, or, when it cannot be, the lease lapses and another execution goes on.
 */
export async function executeRun(
  services: ExecutionServices,
  claim: ClaimedRun,
  lease: Lease,
): Promise<void> {
  const log = services.log.child({ runId: claim.runId, fence: claim.fence });
  try {
    const run = await loadRun(services.db.pool, claim.runId);
    const execution: Execution = {
      ...claim,
      round: run.round,
      pool: services.db.pool,
      lease,
      log,
      gatewayUrl: services.gatewayUrl,
      runTokenSecret: services.runTokenSecret,
    };
    await work(services, execution, run, claim);
  } catch (error) {
    log.warn({ err: error }, "the execution ended before its run; another one will go on");
  }
}

async function work(
  services: ExecutionServices,
  execution: Execution,
  run: LoadedRun,
  claim: ClaimedRun,
): Promise<void> {
  const { db } = services;
  const writer = new EventWriter(db.pool, execution);
  try {
    if (claim.cancelRequested) throw new Interruption("cancelled");
    await refuseStandstill(db.pool, claim);
    const openWorkspace = () => services.openWorkspace(execution.userId);
    const context = await runContext(db, execution, run, openWorkspace, writer);
    const outcome = await services.engineNamed(run.engine).execute(context);
    await writer.drain();
    execution.lease.assertHeld();
    await finishRun(db, execution, run, context.directory, outcome);
  } catch (error) {
    await endAfter(db, execution, writer, interruptionOf(execution.lease, error) ?? error);
  }
}

async function endAfter(
  db: Database,
  execution: Execution,
  writer: EventWriter,
  error: unknown,
): Promise<void> {
  if (error instanceof Interruption && error.reason === "lost") {
    execution.log.info("the run is held by another now");
    return;
  }
  if (isUnsure(error)) {
    execution.log.warn(
      { err: error },
      "the database went away in the middle of the run; it is begun again from there",
    );
    return handOverRun(db.pool, execution);
  }
  const late = await writer.drain().catch((failure: unknown) => failure);
  if (late instanceof Interruption)
    return late.reason === "lost" ? undefined : handOverRun(db.pool, execution);
  // What cannot be stored at all is not said; the run ends all the same.
  if (late !== undefined) execution.log.error({ err: late }, "events of the run could not be stored");
  const letGo = error instanceof Interruption && error.reason === "stopping";
  if (letGo || hasMoved(error)) return handOverRun(db.pool, execution);
  if (error instanceof Interruption) return endCancelledRun(db, execution);
  const failure = failureOf(error);
  if (failure.code === "internal")
    execution.log.error({ err: error }, "the run failed for an unforeseen reason");
  await failRun(db, execution, failure);
}

/** What was written last may be stored or not: only an execution that reads it again knows. */
function isUnsure(error: unknown): boolean {
  if (error instanceof Interruption) return error.reason === "unsure";
  return !isAppError(error) && !(error instanceof AnthropicError) && isPassing(error);
}

/** The user's workspace is with another runner: that one has to go on. */
function hasMoved(error: unknown): boolean {
  return isAppError(error) && error.details.moved === true;
}

/** An interruption shows as all kinds of errors in the work it interrupts. */
function interruptionOf(lease: Lease, error: unknown): Interruption | null {
  if (error instanceof Interruption) return error;
  const reason: unknown = lease.signal.reason;
  return lease.signal.aborted && reason instanceof Interruption ? reason : null;
}

/** What a person is told of the error. */
function failureOf(error: unknown): { code: string; detail: string } {
  const refused = refusedCall(error);
  if (refused) return { code: refused.code, detail: `The model call was refused: ${refused.words}` };
  if (error instanceof AnthropicError) {
    const reason = error instanceof APIError ? wordsOf(error) : error.message;
    return { code: "upstream_failed", detail: `The model did not answer in full: ${reason}` };
  }
  const { code, message } = toAppError(error);
  return { code, detail: message };
}
