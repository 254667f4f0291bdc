import type pg from "pg";
import { settleAbandoned } from "#ledger/settle.ts";
import { inTransaction } from "#platform/db.ts";

/** Keeps the reservations of calls that are still under way from expiring. */
export async function renewReservations(pool: pg.Pool, callIds: string[], ttlSeconds: number): Promise<void> {
  await pool.query(
    // What is being settled right now needs no renewal, and is not waited for.
    `UPDATE reservations SET expires_at = now() + make_interval(secs => $2) WHERE call_id IN
       (SELECT call_id FROM reservations WHERE call_id = ANY($1) FOR UPDATE SKIP LOCKED)`,
    [callIds, ttlSeconds],
  );
}

/** Settles every expired reservation, each in its own transaction; several gateways may sweep at once. */
export async function sweepReservations(pool: pg.Pool): Promise<number> {
  let swept = 0;
  while (await inTransaction(pool, sweepOne)) swept += 1;
  return swept;
}

async function sweepOne(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ call_id: string }>(
    `SELECT call_id FROM reservations WHERE expires_at < now() LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  const callId = rows[0]?.call_id;
  if (callId === undefined) return false;
  await settleAbandoned(client, callId);
  return true;
}
