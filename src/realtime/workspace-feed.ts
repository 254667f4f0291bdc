import type { Database } from "#platform/db.ts";
import { listenOn } from "#platform/listen.ts";
import type { Logger } from "#platform/log.ts";
import { readWorkspace } from "#workspaces/read-workspace.ts";
import { WORKSPACE_CHANNEL } from "#workspaces/workspace-channel.ts";
import type { WorkspaceInfo } from "#workspaces/workspace-info.ts";

export interface WorkspaceFeed {
  /** `watched`: whether anybody here wants to know of this user's. */
  follow(
    watched: (userId: string) => boolean,
    tell: (userId: string, workspace: WorkspaceInfo) => void,
  ): void;
  close(): Promise<void>;
}

export async function openWorkspaceFeed(db: Database, url: string, log: Logger): Promise<WorkspaceFeed> {
  const feed = new Feed(db, log);
  const listener = await listenOn(url, WORKSPACE_CHANNEL, {
    log,
    notification: (userId) => feed.hear(userId),
    // What was said meanwhile is seen with the next measure, some seconds later.
    connected: () => {},
  });
  return { follow: (watched, tell) => feed.follow(watched, tell), close: () => listener.close() };
}

/** News of workspaces, for whoever looks: the row is read once each time it changes, however many sockets look. */
class Feed {
  readonly #db: Database;
  readonly #log: Logger;
  readonly #reading = new Map<string, "once" | "again">();
  #watched: (userId: string) => boolean = () => false;
  #tell: (userId: string, workspace: WorkspaceInfo) => void = () => {};

  constructor(db: Database, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  follow(
    watched: (userId: string) => boolean,
    tell: (userId: string, workspace: WorkspaceInfo) => void,
  ): void {
    this.#watched = watched;
    this.#tell = tell;
  }

  hear(userId: string): void {
    if (!this.#watched(userId)) return;
    const under = this.#reading.has(userId);
    this.#reading.set(userId, under ? "again" : "once");
    if (!under) void this.#read(userId);
  }

  async #read(userId: string): Promise<void> {
    try {
      while (this.#reading.has(userId)) {
        this.#reading.set(userId, "once");
        this.#tell(userId, await readWorkspace(this.#db.pool, userId));
        if (this.#reading.get(userId) === "once") this.#reading.delete(userId);
      }
    } catch (error) {
      this.#reading.delete(userId);
      this.#log.warn({ err: error }, "news of a workspace could not be read");
    }
  }
}
