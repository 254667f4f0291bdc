import type { Database } from "#platform/db.ts";
import type { Logger } from "#platform/log.ts";
import { startDueRepair } from "#runs/start-repair.ts";
import { REPAIRS_POLL_MS } from "#runs/tunables.ts";

/** Begins the repairs that an agent's policy lets begin by themselves, until it is stopped. */
export function startRepairWorker({ db, log }: { db: Database; log: Logger }): { stop(): Promise<void> } {
  let working: Promise<void> | null = null;
  const look = () => {
    working ??= startAll(db)
      .catch((error: unknown) => log.warn({ err: error }, "could not begin a repair; will try again"))
      .finally(() => {
        working = null;
      });
  };
  const poll = setInterval(look, REPAIRS_POLL_MS);
  return {
    async stop() {
      clearInterval(poll);
      await working;
    },
  };
}

async function startAll(db: Database): Promise<void> {
  while (await startDueRepair(db)) {
    // The next one.
  }
}
