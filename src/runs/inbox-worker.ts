import type { Database } from "#platform/db.ts";
import { type Listener, listenOn } from "#platform/listen.ts";
import type { Logger } from "#platform/log.ts";
import { claimMessage, finishMessage, type InboxMessage, putBack } from "#runs/inbox/claim-message.ts";
import { INBOX_KEEP_DAYS, POLL_MS } from "#runs/tunables.ts";

const SWEEP_MS = 3600_000;

export interface InboxOptions {
  db: Database;
  databaseUrl: string;
  /** the channel on which arrivals are announced */
  channel: string;
  log: Logger;
  /** by source; may be called again for the same message, and in any order */
  handlers: Record<string, (message: InboxMessage) => Promise<void>>;
}

/** Works off what webhooks left, one message at a time in each runner, until it is stopped. */
export async function startInboxWorker(options: InboxOptions): Promise<{ stop(): Promise<void> }> {
  const { db, channel, log } = options;
  let working: Promise<void> | null = null;
  let again = false;
  let stopping = false;

  function look(): void {
    again = true;
    working ??= work().finally(() => {
      working = null;
      if (again && !stopping) look();
    });
  }

  async function work(): Promise<void> {
    try {
      while (again && !stopping) {
        again = false;
        while (!stopping && (await workOffOne(options))) {
          // The next one.
        }
      }
    } catch (error) {
      // The poll looks again.
      again = false;
      log.warn({ err: error }, "could not read the inbox; will try again");
    }
  }

  const listener: Listener = await listenOn(options.databaseUrl, channel, {
    notification: look,
    connected: look,
    log,
  });
  const poll = setInterval(look, POLL_MS);
  const sweeper = setInterval(() => {
    sweep(db).catch((error: unknown) => log.warn({ err: error }, "could not sweep the inbox"));
  }, SWEEP_MS);
  return {
    async stop() {
      stopping = true;
      clearInterval(poll);
      clearInterval(sweeper);
      await listener.close();
      await working;
    },
  };
}

/** @returns whether there was one */
async function workOffOne({ db, handlers, log }: InboxOptions): Promise<boolean> {
  const message = await claimMessage(db.pool, Object.keys(handlers));
  if (!message) return false;
  try {
    await handlers[message.source]?.(message);
    await finishMessage(db.pool, message);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isOver = await putBack(db.pool, message, reason);
    const { id, source, type, attempts } = message;
    log.warn({ err: error, id, source, type, attempts }, isOver ? "given up" : "will be tried again");
  }
  return true;
}

async function sweep(db: Database): Promise<void> {
  await db.pool.query("DELETE FROM inbox WHERE processed_at < now() - $1 * interval '1 day'", [
    INBOX_KEEP_DAYS,
  ]);
}
