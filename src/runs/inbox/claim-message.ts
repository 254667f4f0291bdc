import type pg from "pg";
import { INBOX_ATTEMPTS, INBOX_LEASE_MS, INBOX_PAUSES_MS } from "#runs/tunables.ts";

export interface InboxMessage {
  id: string;
  source: string;
  type: string;
  payload: unknown;
  receivedAt: Date;
  attempts: number;
}

/** Takes the oldest message that nobody is at. A runner that dies with it lets it go by its lease. */
export async function claimMessage(pool: pg.Pool, sources: string[]): Promise<InboxMessage | null> {
  const { rows } = await pool.query<InboxMessage>(
    `UPDATE inbox SET lease_until = now() + $1 * interval '1 ms', attempts = attempts + 1
      WHERE id = (SELECT id FROM inbox
                   WHERE processed_at IS NULL AND (lease_until IS NULL OR lease_until < now()) AND source = ANY($2)
                   ORDER BY received_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
      RETURNING id, source, type, payload, received_at AS "receivedAt", attempts`,
    [INBOX_LEASE_MS, sources],
  );
  return rows[0] ?? null;
}

/** Done with, now and for ever. */
export async function finishMessage(pool: pg.Pool, message: InboxMessage): Promise<void> {
  await pool.query("UPDATE inbox SET processed_at = now(), lease_until = NULL, error = NULL WHERE id = $1", [
    message.id,
  ]);
}

/** It is tried again after a pause, and given up, with the reason, after the last. @returns whether it was given up */
export async function putBack(pool: pg.Pool, message: InboxMessage, reason: string): Promise<boolean> {
  const isOver = message.attempts >= INBOX_ATTEMPTS;
  const pause = INBOX_PAUSES_MS[Math.min(message.attempts, INBOX_PAUSES_MS.length) - 1] ?? 0;
  await pool.query(
    `UPDATE inbox SET error = $2, processed_at = CASE WHEN $3 THEN now() END,
            lease_until = CASE WHEN $3 THEN NULL ELSE now() + $4 * interval '1 ms' END WHERE id = $1`,
    [message.id, reason.slice(0, 2_000), isOver, pause],
  );
  return isOver;
}
