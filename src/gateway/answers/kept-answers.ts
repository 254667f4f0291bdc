import type pg from "pg";
import { hashOf, type ModelRequest } from "#gateway/model-request.ts";
import { KEPT_MEMORY_BYTES, KEPT_MINUTES } from "#gateway/tunables.ts";

export interface KeptAnswer {
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Answers that callers asked to be kept, in two levels: this process's memory, then the database, where other gateways
 * find them too. Strictly per user: what one has asked never shows in what another is answered, not even in its time.
 */
export class KeptAnswers {
  readonly #memory = new Map<string, KeptAnswer & { until: number }>();
  #bytes = 0;
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async find(userId: string, request: ModelRequest): Promise<KeptAnswer | null> {
    const hash = hashOf(request, `${userId}\n${request.wire}\n`);
    const here = this.#memory.get(hash);
    if (here && here.until > Date.now()) return here;
    this.#forget(hash);
    const { rows } = await this.#pool.query<KeptAnswer & { until: Date }>(
      `SELECT headers, body, expires_at AS until FROM kept_answers
       WHERE user_id = $1 AND request_hash = $2 AND expires_at > now()`,
      [userId, hash],
    );
    const found = rows[0];
    if (!found) return null;
    this.#remember(hash, found, found.until.getTime());
    return found;
  }

  async keep(userId: string, request: ModelRequest, answer: KeptAnswer): Promise<void> {
    const hash = hashOf(request, `${userId}\n${request.wire}\n`);
    this.#remember(hash, answer, Date.now() + KEPT_MINUTES * 60_000);
    await this.#pool.query(
      `INSERT INTO kept_answers (user_id, request_hash, headers, body, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(mins => ${KEPT_MINUTES}))
       ON CONFLICT (user_id, request_hash) DO UPDATE
         SET headers = excluded.headers, body = excluded.body, expires_at = excluded.expires_at`,
      [userId, hash, JSON.stringify(answer.headers), answer.body],
    );
  }

  async dropOld(): Promise<void> {
    await this.#pool.query(`DELETE FROM kept_answers WHERE expires_at < now()`);
  }

  #remember(hash: string, { headers, body }: KeptAnswer, until: number): void {
    this.#forget(hash);
    this.#memory.set(hash, { headers, body, until });
    this.#bytes += body.length;
    for (const oldest of this.#memory.keys()) {
      if (this.#bytes <= KEPT_MEMORY_BYTES) return;
      this.#forget(oldest);
    }
  }

  #forget(hash: string): void {
    this.#bytes -= this.#memory.get(hash)?.body.length ?? 0;
    this.#memory.delete(hash);
  }
}

/** Asked for by its caller, and as sure to be answered the same as a request can be. */
export function mayBeKept(header: string | string[] | undefined, request: ModelRequest): boolean {
  const { temperature, n } = request.value as { temperature?: unknown; n?: unknown };
  return header === "allow" && (temperature ?? 0) === 0 && (n ?? 1) === 1;
}
