import { EVENTS_CHANNEL, type EventsNotice, readEvents, readEventsNotice } from "#events/log.ts";
import type { RunEvent } from "#events/vocabulary.ts";
import type { Database } from "#platform/db.ts";
import { listenOn } from "#platform/listen.ts";
import type { Logger } from "#platform/log.ts";
import { RunFeed } from "#realtime/run-feed.ts";

/** Events read and handed on at once; also the most that a slow follower holds in memory. */
const PAGE = 200;

export type StatusNotice = EventsNotice & Required<Pick<EventsNotice, "status">>;

/** The reader of the event log for all sockets and streams of this process. */
export interface EventHub {
  /**
   * Every event of the run after `after`, in order, none twice, for as long as the signal allows. Pull-based: the
   * next page is read when the last one has been taken. The caller has checked whose run it is.
   */
  follow(runId: string, after: number, signal: AbortSignal): AsyncGenerator<RunEvent[]>;
  /** Called for each announcement that carries a new status. @returns stops it */
  onStatus(listener: (notice: StatusNotice) => void): () => void;
  /** whether news arrive now */
  readonly connected: boolean;
  close(): Promise<void>;
}

export async function createEventHub(db: Database, url: string, log: Logger): Promise<EventHub> {
  const feeds = new Map<string, RunFeed>();
  const statusListeners = new Set<(notice: StatusNotice) => void>();

  const listener = await listenOn(url, EVENTS_CHANNEL, {
    log,
    notification(payload) {
      const notice = readEventsNotice(payload);
      if (!notice) return;
      feeds.get(notice.runId)?.wake();
      if (hasStatus(notice)) for (const tell of statusListeners) tell(notice);
    },
    // Whatever was said while nobody listened is in the log.
    connected() {
      for (const feed of feeds.values()) feed.wake();
    },
  });

  function enter(runId: string): RunFeed {
    const feed = feeds.get(runId) ?? new RunFeed((after) => readEvents(db.pool, runId, after, PAGE));
    feeds.set(runId, feed);
    feed.followers += 1;
    return feed;
  }

  function leave(runId: string, feed: RunFeed): void {
    feed.followers -= 1;
    if (feed.followers === 0) feeds.delete(runId);
  }

  return {
    async *follow(runId, after, signal) {
      const feed = enter(runId);
      try {
        for (let cursor = after; ; ) {
          const events = await nextPage(feed, cursor, signal, log);
          if (!events) return;
          yield events;
          cursor = events.at(-1)?.seq ?? cursor;
        }
      } finally {
        leave(runId, feed);
      }
    },
    onStatus(listen) {
      statusListeners.add(listen);
      return () => statusListeners.delete(listen);
    },
    get connected() {
      return listener.connected;
    },
    close: () => listener.close(),
  };
}

function hasStatus(notice: EventsNotice): notice is StatusNotice {
  return notice.status !== undefined;
}

const RETRY_MS = 1_000;

// A database that restarts ends no stream: the follower waits and reads on from its cursor.
async function nextPage(
  feed: RunFeed,
  cursor: number,
  signal: AbortSignal,
  log: Logger,
): Promise<RunEvent[] | null> {
  for (;;) {
    try {
      return await feed.next(cursor, signal);
    } catch (error) {
      if (signal.aborted) return null;
      log.warn({ err: error }, "cannot read events yet; trying again");
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
