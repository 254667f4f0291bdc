import type { Database } from "#platform/db.ts";
import type { Logger } from "#platform/log.ts";
import { noteWatchers, WATCH_MS } from "#workspaces/note-watchers.ts";

/**
 * Whose sockets are open in this process. Said to the database in coarse steps, so that no runner lets a workspace rest
 * whose user is looking; what is not said again lapses by itself, however this process ends.
 */
export class Watchers {
  readonly #db: Database;
  readonly #log: Logger;
  readonly #open = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(db: Database, log: Logger) {
    this.#db = db;
    this.#log = log;
    this.#timer = setInterval(() => this.#note([...this.#open.keys()]), WATCH_MS).unref();
  }

  has(userId: string): boolean {
    return this.#open.has(userId);
  }

  /** @returns to be called when the socket closes */
  enter(userId: string): () => void {
    const before = this.#open.get(userId) ?? 0;
    this.#open.set(userId, before + 1);
    if (before === 0) this.#note([userId]);
    return () => {
      const left = (this.#open.get(userId) ?? 1) - 1;
      if (left > 0) this.#open.set(userId, left);
      else this.#open.delete(userId);
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #note(users: string[]): void {
    if (users.length === 0) return;
    noteWatchers(this.#db.pool, users).catch((error: unknown) => {
      this.#log.warn({ err: error }, "could not say who is looking; it is said again");
    });
  }
}
