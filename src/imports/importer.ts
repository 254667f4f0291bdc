import { type ClaimedImport, claimImport } from "#imports/claim-import.ts";
import type { CodeSource, CodeSources } from "#imports/code-source.ts";
import {
  endImport,
  type ImportFailure,
  noteRestore,
  putBackImport,
  releaseImport,
  renewImport,
} from "#imports/hold-import.ts";
import { IMPORT_CHANNEL } from "#imports/import-channel.ts";
import { POLL_MS, RENEW_MS } from "#imports/tunables.ts";
import type { Database } from "#platform/db.ts";
import { AppError, isAppError } from "#platform/errors.ts";
import { type Listener, listenOn } from "#platform/listen.ts";
import type { Logger } from "#platform/log.ts";

export interface ImporterOptions {
  db: Database;
  databaseUrl: string;
  runnerId: string;
  sources: CodeSources;
  log: Logger;
  /** Whether the agent's directory holds nothing yet. */
  isEmpty(userId: string, agentId: string): Promise<boolean>;
  /** Puts the stored tree into the agent's directory. */
  restore(userId: string, agentId: string, treeHash: string): Promise<void>;
  /** Takes away again what of the tree was put there. */
  takeBack(userId: string, agentId: string, treeHash: string): Promise<void>;
  /** Takes away uploaded files that nothing names. */
  sweep(userId: string, agentId: string): Promise<void>;
  /** The code is there: runs that waited for it may begin. */
  onDone(): Promise<void>;
}

/** Brings code into agents, one at a time in each runner, until it is stopped. */
export async function startImporter(options: ImporterOptions): Promise<{ stop(): Promise<void> }> {
  const { log } = options;
  const stopping = new AbortController();
  let working: Promise<void> | null = null;
  let again = false;
  const { signal } = stopping;

  function look(): void {
    again = true;
    working ??= work().finally(() => {
      working = null;
      if (again && !signal.aborted) look();
    });
  }

  async function work(): Promise<void> {
    while (again && !signal.aborted) {
      again = false;
      try {
        while (await importNext(options, signal));
      } catch (error) {
        // The poll looks again; what was claimed lapses.
        log.warn({ err: error }, "could not import; will try again");
      }
    }
  }

  const listener: Listener = await listenOn(options.databaseUrl, IMPORT_CHANNEL, {
    notification: look,
    connected: look,
    log,
  });
  const poll = setInterval(look, POLL_MS);
  return {
    async stop() {
      stopping.abort();
      clearInterval(poll);
      await listener.close();
      await working;
    },
  };
}

/** @returns whether there may be another one */
async function importNext(options: ImporterOptions, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const claim = await claimImport(options.db, options.runnerId);
  if (!claim) return false;
  if (signal.aborted) await releaseImport(options.db, claim);
  else await importOnce(options, claim, signal);
  return true;
}

async function importOnce(
  options: ImporterOptions,
  claim: ClaimedImport,
  signal: AbortSignal,
): Promise<void> {
  const { db, log } = options;
  const source = options.sources[claim.source] as CodeSource;
  const renewing = setInterval(() => {
    renewImport(db, claim).catch((error: unknown) => log.warn({ err: error }, "an import was not renewed"));
  }, RENEW_MS);
  try {
    await bring(options, source, claim, signal);
  } catch (error) {
    if (signal.aborted) return await releaseImport(db, claim);
    const { agentId, attempts } = claim;
    log.warn({ err: error, agentId, attempt: attempts }, "could not import");
    if (isPassing(error) && (await putBackImport(db, claim))) return;
    // What lies in the workspace is then what the other one unpacks and puts in place.
    if (!(await renewImport(db, claim))) return;
    await tidy(options, source, claim).catch((cause: unknown) => {
      log.warn({ err: cause, agentId }, "an import left something behind");
    });
    await endImport(db, claim, tell(error, source));
  } finally {
    clearInterval(renewing);
  }
  await options.onDone();
}

/** The tree is whole in the database before a file of it is put into the directory; from then on it is only put there. */
async function bring(
  options: ImporterOptions,
  source: CodeSource,
  claim: ClaimedImport,
  signal: AbortSignal,
): Promise<void> {
  const { db } = options;
  const { userId, agentId } = claim;
  const treeHash = claim.treeHash ?? (await source.fetch(claim, signal));
  // Begun before by an attempt that did not come to its end: then the directory holds what that one put there.
  if (claim.treeHash === null && !(await options.isEmpty(userId, agentId)))
    throw new AppError("conflict", "The agent's directory is not empty.");
  if (!(await noteRestore(db, claim, treeHash)))
    throw new AppError("conflict", "The agent is gone, or another runner brings the code.");
  claim.treeHash = treeHash;
  await options.restore(userId, agentId, treeHash);
  await source.clear(claim);
  if (await renewImport(db, claim)) await sweep(options, claim);
  await endImport(db, claim, null);
}

/** While this import is on, another upload of its agent is refused or a repeat of it: its file is of no use either way. */
async function sweep({ sweep, log }: ImporterOptions, { userId, agentId }: ClaimedImport): Promise<void> {
  await sweep(userId, agentId).catch((error: unknown) => {
    log.warn({ err: error, agentId }, "an upload that nothing names was left in its agent's directory");
  });
}

/** The directory as it was before: nothing of a tree that did not come whole, and nothing of what it came from. */
async function tidy({ takeBack }: ImporterOptions, source: CodeSource, claim: ClaimedImport): Promise<void> {
  if (claim.treeHash !== null) await takeBack(claim.userId, claim.agentId, claim.treeHash);
  await source.clear(claim);
}

function isPassing(error: unknown): boolean {
  if (!isAppError(error)) return !(error instanceof Error && error.name === "HttpError");
  if (error.details.reason !== undefined) return false;
  return error.details.moved === true || ["upstream_failed", "unavailable", "timeout"].includes(error.code);
}

function tell(error: unknown, source: CodeSource): ImportFailure {
  if (!isAppError(error)) return { message: source.failure };
  const { reason, entry } = error.details;
  return {
    message: error.message,
    code: error.code,
    ...(typeof reason === "string" && { reason }),
    ...(typeof entry === "string" && { entry }),
  };
}
