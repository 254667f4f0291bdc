import type { Database } from "#platform/db.ts";

/** Removes what time has ended: sessions, one-time codes, and answers kept for repeated requests (two days). */
export async function sweepExpired(db: Database): Promise<void> {
  await db.pool.query("DELETE FROM sessions WHERE expires < now()");
  await db.pool.query("DELETE FROM verification_tokens WHERE expires < now()");
  await db.pool.query("DELETE FROM idempotency_keys WHERE created_at < now() - interval '2 days'");
}
