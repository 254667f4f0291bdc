import type { Sql } from "#platform/db.ts";
import type { Logger } from "#platform/log.ts";
import type { Waiting } from "#workspaces/lifecycle/admission.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import { WORKSPACE_CHANNEL } from "#workspaces/workspace-channel.ts";

const WRITE = `
WITH line AS (
  SELECT user_id, to_timestamp(since / 1000.0) AS since FROM unnest($2::text[], $3::float8[]) AS item(user_id, since)
   WHERE EXISTS (SELECT FROM users WHERE id = user_id)
), gone AS (
  DELETE FROM workspace_waits WHERE runner_id = $1 AND user_id NOT IN (SELECT user_id FROM line)
), waiting AS (
  INSERT INTO workspace_waits (user_id, runner_id, since, until)
  SELECT user_id, $1, since, clock_timestamp() + $4 * interval '1 ms' FROM line
  ON CONFLICT (user_id) DO UPDATE SET runner_id = $1, since = excluded.since, until = excluded.until
)
SELECT pg_notify('${WORKSPACE_CHANNEL}', user_id) FROM unnest($5::text[]) AS told(user_id)`;

/** The line of one runner as people are to see it: rows that hold for some seconds, written again while they are so. */
export class WaitRows {
  readonly #sql: Sql;
  readonly #runnerId: string;
  readonly #log: Logger;
  #wanted: readonly Waiting[] = [];
  #written: string[] = [];
  #writtenAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> | null = null;

  constructor(sql: Sql, runnerId: string, log: Logger) {
    this.#sql = sql;
    this.#runnerId = runnerId;
    this.#log = log;
  }

  show(line: readonly Waiting[]): void {
    this.#wanted = [...line];
    this.#writing ??= this.#write()
      .catch((error: unknown) => this.#log.warn({ err: error }, "the line could not be shown"))
      .finally(() => {
        this.#writing = null;
      });
  }

  async close(): Promise<void> {
    this.show([]);
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#isDue()) {
      const line = this.#wanted;
      const users = line.map(({ userId }) => userId);
      const before = this.#written;
      const places = new Map(before.map((userId, index) => [userId, index]));
      const moved = users.filter((userId, index) => places.get(userId) !== index);
      const told = [...moved, ...before.filter((userId) => !users.includes(userId))];
      this.#written = users;
      this.#writtenAt = performance.now();
      const since = line.map((each) => each.since);
      await this.#sql.query(WRITE, [this.#runnerId, users, since, TUNABLES.waitRowMs, told]);
    }
  }

  #isDue(): boolean {
    const users = this.#wanted.map(({ userId }) => userId);
    if (users.join() !== this.#written.join()) return true;
    return users.length > 0 && performance.now() - this.#writtenAt > TUNABLES.waitRowMs / 3;
  }
}
