import type { GitHub } from "#github/app.ts";
import type { GitSurroundings } from "#github/git/bare-repository.ts";
import { GitError } from "#github/git/run-git.ts";
import { IMPORT_CHANNEL } from "#github/import-repository.ts";
import { type ClaimedImport, claimImport, endImport, putBackImport } from "#github/importing/claim-import.ts";
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
  const { db, runnerId, log } = options;
  let stopping = false;
  let working: Promise<void> | null = null;
  let again = false;

  function look(): void {
    again = true;
    working ??= work().finally(() => {
      working = null;
      if (again && !stopping) look();
    });
  }

  async function work(): Promise<void> {
    while (again && !stopping) {
      again = false;
      try {
        for (
          let claim = await claimImport(db, runnerId);
          claim && !stopping;
          claim = await claimImport(db, runnerId)
        ) {
          await importOnce(options, claim);
        }
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
      stopping = true;
      clearInterval(poll);
      await listener.close();
      await working;
    },
  };
}

async function importOnce(options: ImporterOptions, claim: ClaimedImport): Promise<void> {
  const { db, log } = options;
  const { userId, agentId } = claim;
  try {
    const treeHash = claim.treeHash ?? (await importTree(options, claim));
    // Done before by an attempt that could not say so: then the directory holds just this.
    const isOurs = claim.attempts > 1 && claim.treeHash !== null;
    if (!isOurs && !(await options.isEmpty(userId, agentId))) {
      return await endImport(db, agentId, "The agent's directory is not empty.");
    }
    await options.restore(userId, agentId, treeHash);
    await endImport(db, agentId, null);
  } catch (error) {
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
