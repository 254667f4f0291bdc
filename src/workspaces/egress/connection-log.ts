import type pg from "pg";
import type { Logger } from "#platform/log.ts";
import type { ConnectionRecord } from "#workspaces/egress/connection-record.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

// One row for each connection: written when it opens, completed when it ends. A user who is gone has no log.
const WRITE = `
INSERT INTO egress_connections
       (id, user_id, agent_id, host, port, outcome, reason, attempts, bytes_in, bytes_out, started_at, ended_at)
SELECT r.* FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::int[],
                       $9::bigint[], $10::bigint[], $11::timestamptz[], $12::timestamptz[])
            AS r (id, user_id, agent_id, host, port, outcome, reason, attempts, bytes_in, bytes_out, started_at, ended_at)
  JOIN users u ON u.id = r.user_id
ON CONFLICT (id) DO UPDATE
   SET outcome = excluded.outcome, reason = excluded.reason, attempts = excluded.attempts,
       bytes_in = excluded.bytes_in, bytes_out = excluded.bytes_out, ended_at = excluded.ended_at`;

/** Where the broker writes down what was asked for. */
export interface ConnectionLog {
  note(record: ConnectionRecord): void;
}

/** The log in the database: in batches, so that a flood costs a few statements. */
export class DatabaseLog implements ConnectionLog {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  #waiting = new Map<string, ConnectionRecord>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(pool: pg.Pool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
  }

  note(record: ConnectionRecord): void {
    const key = keyOf(record);
    const before = this.#waiting.get(key);
    if (!before && this.#waiting.size >= TUNABLES.egressLogWaiting) return;
    const repeated = before !== undefined && before.id !== record.id;
    this.#waiting.set(key, repeated ? { ...before, attempts: before.attempts + record.attempts } : record);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#writing = this.#writing.then(() => this.#flush());
    }, TUNABLES.egressLogMs);
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#flush());
    await this.#writing;
  }

  async #flush(): Promise<void> {
    const records = [...this.#waiting.values()];
    this.#waiting = new Map();
    if (records.length === 0) return;
    const column = <K extends keyof ConnectionRecord>(name: K) => records.map((record) => record[name]);
    const names = [
      ...["id", "userId", "agentId", "host", "port", "outcome", "reason", "attempts"],
      ...["bytesIn", "bytesOut", "startedAt", "endedAt"],
    ] as (keyof ConnectionRecord)[];
    await this.#pool.query(WRITE, names.map(column)).catch((error: unknown) => {
      this.#log.error({ err: error, lost: records.length }, "connections of workspaces not written down");
    });
  }
}

// What is refused again and again is one row; what is let through is one each.
function keyOf(record: ConnectionRecord): string {
  if (record.outcome !== "refused") return record.id;
  return [record.userId, record.agentId, record.host, record.port, record.reason].join(" ");
}
