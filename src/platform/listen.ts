import pg from "pg";
import type { Logger } from "#platform/log.ts";

/** How often the connection is asked for a sign of life, and how long it may take. Milliseconds. */
const PULSE_MS = 10_000;
const PULSE_TIMEOUT_MS = 5_000;
const RETRY_MS = [100, 250, 500, 1_000, 2_000];

export interface Listener {
  /** whether notifications arrive now */
  readonly connected: boolean;
  close(): Promise<void>;
}

/**
 * LISTEN on one connection of its own, for as long as the process lives. A notification only says "look": after each
 * (re)connection `onConnected` is called, and the caller looks at everything once, because what was said meanwhile
 * was said to nobody.
 */
export async function listenOn(
  url: string,
  channel: string,
  on: { notification(payload: string): void; connected(): void; log: Logger },
): Promise<Listener> {
  let closed = false;
  let client: pg.Client | null = null;
  let pulse: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: "carrel-listen",
      keepAlive: true,
      connectionTimeoutMillis: PULSE_TIMEOUT_MS,
    });
    fresh.on("notification", (message) => {
      if (message.channel === channel) on.notification(message.payload ?? "");
    });
    fresh.on("error", (error) => lost(fresh, error));
    fresh.on("end", () => lost(fresh, new Error("the connection ended")));
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await fresh.end().catch((endError: unknown) => on.log.debug({ err: endError }, "was not open"));
      throw error;
    }
    client = fresh;
    failures = 0;
    pulse = setInterval(() => void beat(fresh), PULSE_MS).unref();
    on.connected();
  }

  // A connection that died without a word (a cable, a failover) is found out by asking.
  async function beat(current: pg.Client): Promise<void> {
    const timer = setTimeout(() => lost(current, new Error("no sign of life")), PULSE_TIMEOUT_MS);
    await current.query("SELECT 1").catch((error: unknown) => lost(current, error));
    clearTimeout(timer);
  }

  function lost(which: pg.Client, error: unknown): void {
    if (closed || client !== which) return;
    client = null;
    clearInterval(pulse);
    on.log.warn({ err: error, channel }, "lost the connection that listens; connecting again");
    which.end().catch((endError: unknown) => on.log.debug({ err: endError }, "was gone already"));
    again();
  }

  function again(): void {
    const pause = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
    failures += 1;
    retry = setTimeout(() => {
      if (closed) return;
      connect().catch((error: unknown) => {
        on.log.warn({ err: error, channel }, "cannot listen yet");
        if (!closed) again();
      });
    }, pause).unref();
  }

  await connect();
  return {
    get connected() {
      return client !== null;
    },
    async close() {
      closed = true;
      clearInterval(pulse);
      clearTimeout(retry);
      await client?.end();
    },
  };
}
