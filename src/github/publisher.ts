import type { GitHub } from "#github/app.ts";
import type { GitSurroundings } from "#github/git/bare-repository.ts";
import { GitError } from "#github/git/run-git.ts";
import { claimPublishing, releaseClaim } from "#github/publishing/claim-work.ts";
import { type Holding, holdClaim, LetGo } from "#github/publishing/holding.ts";
import { publishVersions } from "#github/publishing/publish-versions.ts";
import { concludeVersions, heldVersions, type Outcome } from "#github/publishing/record.ts";
import { settleDoubts } from "#github/publishing/settle-doubts.ts";
import { PUBLISHING_CHANNEL } from "#github/request-publishing.ts";
import { patienceAskedFor, tellFailure } from "#github/tell-failure.ts";
import { AT_ONCE, DOUBT_MS, POLL_MS, RETRY_PAUSES_MS } from "#github/tunables.ts";
import type { Database } from "#platform/db.ts";
import { isAppError } from "#platform/errors.ts";
import { type Listener, listenOn } from "#platform/listen.ts";
import type { Logger } from "#platform/log.ts";

export interface PublisherOptions {
  db: Database;
  databaseUrl: string;
  github: GitHub;
  git: GitSurroundings;
  log: Logger;
}

export interface Publisher {
  /** Takes no more and lets go of what it holds, so that other runners go on at once. */
  stop(): Promise<void>;
}

/** Publishes versions until it is stopped. */
export async function startPublisher(options: PublisherOptions): Promise<Publisher> {
  const { db, log } = options;
  const holdings = new Map<Holding, Promise<void>>();
  let stopping = false;
  let looking: Promise<void> | null = null;
  let again = false;

  async function take(): Promise<void> {
    while (!stopping && holdings.size < AT_ONCE) {
      const claimedAt = performance.now();
      const claim = await claimPublishing(db);
      if (!claim) return;
      const holding = holdClaim(db, claim, claimedAt);
      const work = publishOnce(options, holding).finally(() => {
        holding.end();
        holdings.delete(holding);
        look();
      });
      holdings.set(holding, work);
    }
  }

  /** Whoever calls while it looks makes it look once more. */
  function look(): void {
    again = true;
    looking ??= (async () => {
      while (again && !stopping) {
        again = false;
        // The poll looks again.
        await take().catch((error: unknown) =>
          log.warn({ err: error }, "could not claim versions to publish"),
        );
      }
    })().finally(() => {
      looking = null;
      if (again && !stopping) look();
    });
  }

  const listener: Listener = await listenOn(options.databaseUrl, PUBLISHING_CHANNEL, {
    notification: look,
    connected: look,
    log,
  });
  const poll = setInterval(look, POLL_MS);
  let settling: Promise<void> | null = null;
  const doubts = setInterval(() => {
    settling ??= settleDoubts(db, options.github)
      // They stay in doubt, and are asked about again.
      .catch((error: unknown) => log.info({ err: error }, "could not ask about a pull request"))
      .finally(() => {
        settling = null;
      });
  }, DOUBT_MS);
  return {
    async stop() {
      stopping = true;
      clearInterval(poll);
      clearInterval(doubts);
      await listener.close();
      await looking;
      for (const holding of holdings.keys()) holding.letGo("this runner stops");
      await Promise.all(holdings.values());
      await settling;
    },
  };
}

/** Whatever happens is written down: this never throws. */
async function publishOnce(options: PublisherOptions, holding: Holding): Promise<void> {
  const { db, log } = options;
  const { claim } = holding;
  try {
    await publishVersions(options, holding);
  } catch (error) {
    await settle(options, holding, error).catch((cause: unknown) =>
      log.warn({ err: cause, agentId: claim.agentId }, "the lease will end what could not be written down"),
    );
    return;
  }
  // A version that joined while we worked is not of this claim; there is nothing left of it.
  if ((await heldVersions(db.pool, holding).catch(() => [])).length > 0)
    log.warn({ agentId: claim.agentId }, "versions were left without an outcome");
}

async function settle({ db, log }: PublisherOptions, holding: Holding, error: unknown): Promise<void> {
  const { claim, signal } = holding;
  if (error instanceof LetGo || signal.aborted)
    return releaseClaim(db.pool, claim, { afterMs: 0, countsAsAttempt: false });
  const patience = patienceAskedFor(error) ?? patienceAskedFor((error as Error)?.cause);
  if (patience !== null) {
    log.info({ installationId: claim.installationId, seconds: patience }, "GitHub asks for patience");
    const reason = { code: "rate_limited", message: `GitHub asks to wait ${patience} s.` };
    return releaseClaim(db.pool, claim, { afterMs: patience * 1_000, reason, countsAsAttempt: false });
  }
  log.warn({ err: error, agentId: claim.agentId, attempt: claim.attempt }, "could not publish");
  const reason = reasonOf(error);
  const pause = RETRY_PAUSES_MS[claim.attempt - 1];
  if (isPassing(error) && pause !== undefined)
    return releaseClaim(db.pool, claim, { afterMs: pause, reason, countsAsAttempt: true });
  const failed: Outcome = { state: "failed", reason };
  const left = await heldVersions(db.pool, holding);
  await concludeVersions(
    db,
    holding,
    left.map((id) => [id, failed]),
  );
}

function reasonOf(error: unknown): { code: string; message: string } {
  if (error instanceof GitError) return { code: "git", message: gitWords(error) };
  const told = tellFailure(error, "publishing");
  return { code: String(told.details.reason ?? told.code), message: told.message };
}

function gitWords({ stderr }: GitError): string {
  const fatal = stderr.split("\n").filter((line) => /^(fatal|error|remote):/.test(line));
  return (fatal.at(-1) ?? "git failed").slice(0, 300);
}

/** What may well pass: the network, a server in trouble. What GitHub or the rows refuse stays refused. */
function isPassing(error: unknown): boolean {
  if (error instanceof GitError) return true;
  if (isAppError(error))
    return ["upstream_failed", "unavailable", "timeout", "internal"].includes(error.code);
  const status = (error as { status?: number }).status;
  return status === undefined || status >= 500 || status === 409 || status === 401;
}
