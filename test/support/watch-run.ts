import { setTimeout as pause } from "node:timers/promises";
import { EVENTS_CHANNEL } from "#events/log.ts";
import type { RunEvent } from "#events/vocabulary.ts";
import { listenOn } from "#platform/listen.ts";
import { createLogger } from "#platform/log.ts";
import { allEvents } from "./builder-runs.ts";
import type { Stack } from "./stack.ts";

export interface RunWatch {
  /** Resolves with the first such event as soon as it is announced, also across a restart of the database. */
  until(moment: (event: RunEvent) => boolean): Promise<RunEvent>;
  close(): Promise<void>;
}

/** What was announced while nobody could listen is found by looking. */
const LOOK_MS = 250;

export async function watchRun({ url, db }: Stack["database"], runId: string): Promise<RunWatch> {
  let notice = Promise.withResolvers<void>();
  const look = () => {
    notice.resolve();
    notice = Promise.withResolvers();
  };
  const log = createLogger("test", "fatal");
  const listener = await listenOn(url, EVENTS_CHANNEL, { notification: look, connected: look, log });
  return {
    async until(moment) {
      for (const deadline = Date.now() + 120_000; Date.now() < deadline; ) {
        const next = notice.promise;
        // A database that is away has nothing to say.
        const events = await allEvents(db, runId).catch(() => []);
        const found = events.find(moment);
        if (found) return found;
        const end = events.find((event) => event.type === "run_status" && event.status === "failed");
        if (end) throw new Error(`the run failed: ${JSON.stringify(end)}`);
        await Promise.race([next, pause(LOOK_MS)]);
      }
      const last = (await allEvents(db, runId)).at(-1);
      throw new Error(`waited in vain for an event of ${runId}, whose last is ${JSON.stringify(last)}`);
    },
    close: () => listener.close(),
  };
}
