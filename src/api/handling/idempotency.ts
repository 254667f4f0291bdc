import type pg from "pg";
import type { Answer, Call } from "#api/operation.ts";
import { sha256 } from "#platform/crypto.ts";
import { inTransaction, type Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/**
 * Runs the effect once for each Idempotency-Key, in one transaction with the key's own row. The row's insertion is
 * the lock: a duplicate at the same moment waits for it and gets the first one's answer. An effect that fails leaves
 * no row, so it may be tried again. Without the header the effect simply runs: an effect of one statement needs no
 * transaction then, and saves its two round trips.
 * @throws AppError conflict when the key was used with another body
 */
export async function once(
  call: Call,
  target: string,
  effect: { statement(sql: Sql): Promise<Answer> } | { transaction(client: pg.PoolClient): Promise<Answer> },
): Promise<Answer> {
  const key = readKey(call.request);
  const { pool } = call.parts.db;
  const run = "statement" in effect ? effect.statement : effect.transaction;
  if (key === null) return "statement" in effect ? effect.statement(pool) : inTransaction(pool, run);
  const id = [call.identity.userId, target, key];
  const requestHash = sha256(JSON.stringify(call.body));
  return inTransaction(pool, async (client) => {
    const claimed = await client.query(
      `INSERT INTO idempotency_keys (user_id, scope, key, request_hash, status, response)
       VALUES ($1, $2, $3, $4, 0, 'null') ON CONFLICT DO NOTHING`,
      [...id, requestHash],
    );
    if (claimed.rowCount === 0) return repeat(client, id, requestHash);
    const answer = await run(client);
    await client.query(
      "UPDATE idempotency_keys SET status = $4, response = $5 WHERE user_id = $1 AND scope = $2 AND key = $3",
      [...id, answer.status, JSON.stringify(answer.body ?? null)],
    );
    return answer;
  });
}

async function repeat(client: pg.PoolClient, id: string[], requestHash: string): Promise<Answer> {
  const { rows } = await client.query<{ request_hash: string; status: number; response: unknown }>(
    "SELECT request_hash, status, response FROM idempotency_keys WHERE user_id = $1 AND scope = $2 AND key = $3",
    id,
  );
  const kept = rows[0];
  if (kept?.request_hash !== requestHash) {
    throw new AppError("conflict", "This Idempotency-Key was used with another body.");
  }
  return { status: kept.status, body: kept.response };
}

/** @throws AppError bad_request */
export function readKey(request: Request): string | null {
  const key = request.headers.get("idempotency-key");
  if (key === null) return null;
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new AppError("bad_request", "Idempotency-Key must be 1 to 255 printable ASCII characters.");
  }
  return key;
}
