import type { GitHub } from "#github/app.ts";
import type { GitSurroundings } from "#github/git/bare-repository.ts";
import { GitError } from "#github/git/run-git.ts";
import { IMPORT_CHANNEL } from "#github/import-repository.ts";
import {
  type ClaimedImport,
  claimImport,
  endImport,
  noteRestore,
  putBackImport,
  releaseImport,
} from "#github/importing/claim-import.ts";
import { importTree } from "#github/importing/import-tree.ts";
import { POLL_MS } from "#github/tunables.ts";
import type { Database } from "#platform/db.ts";
import { isAppError } from "#platform/errors.ts";
import { type Listener, listenOn } from "#platform/listen.ts";
import type { Logger } from "#platform/log.ts";

export interface ImporterOptions {
  db: Database;
  databaseUrl: string;
  runnerId: string;
  github: GitHub;
  git: GitSurroundings;
  log: Logger;
  /** Whether the agent's directory holds nothing yet. */
  isEmpty(userId: string, agentId: string): Promise<boolean>;
  /** Puts the stored tree into the agent's directory. */
  restore(userId: string, agentId: string, treeHash: string): Promise<void>;
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
  const { userId, agentId } = claim;
  try {
    const treeHash = claim.treeHash ?? (await importTree(options, claim, signal));
    // Begun before by an attempt that did not come to its end: then the directory holds what that one put there.
    if (claim.treeHash === null) {
      if (!(await options.isEmpty(userId, agentId)))
        return await endImport(db, agentId, "The agent's directory is not empty.");
      await noteRestore(db, agentId, treeHash);
    }
    await options.restore(userId, agentId, treeHash);
    await endImport(db, agentId, null);
  } catch (error) {
    if (signal.aborted) return await releaseImport(db, claim);
    log.warn({ err: error, agentId, attempt: claim.attempts }, "could not import");
    if (isPassing(error) && (await putBackImport(db, claim))) return;
    await endImport(db, agentId, tell(error));
  }
  await options.onDone();
}

function isPassing(error: unknown): boolean {
  if (isAppError(error)) {
    return error.details.moved === true || ["upstream_failed", "unavailable", "timeout"].includes(error.code);
  }
  return error instanceof GitError || !(error instanceof Error && error.name === "HttpError");
}

function tell(error: unknown): string {
  return isAppError(error) ? error.message : "GitHub did not give the code. Try again.";
}
