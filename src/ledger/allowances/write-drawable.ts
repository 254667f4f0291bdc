import type pg from "pg";
import { whilePassing } from "#platform/db.ts";

const RETRIES_MS = [20, 200];

export interface Raise {
  id: string;
  drawable: number;
}

/**
 * Lets more of some allowances be in use; for each, false: it is gone. Not waited for on disk, as holds are not: should
 * the database crash, a row may say too little until the next renewal.
 */
export async function raiseDrawable(pool: pg.Pool, batch: Raise[]): Promise<boolean[]> {
  // Many calls wait for it: what passes by itself shall not fail them all.
  const rows = await whilePassing(RETRIES_MS, () => raise(pool, batch));
  const raised = new Set(rows.map(({ id }) => id));
  return batch.map(({ id }) => raised.has(id));
}

async function raise(pool: pg.Pool, batch: Raise[]): Promise<{ id: string }[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: "raise-drawable",
    // Locked in the order of their ids, as entries are written.
    text: `WITH locked AS MATERIALIZED (
             SELECT r.id, a.drawable FROM unnest($1::text[], $2::bigint[]) AS a (id, drawable)
               JOIN reservations r ON r.id = a.id ORDER BY r.id FOR UPDATE OF r
           )
           UPDATE reservations r SET drawable_micro_usd = l.drawable FROM locked l
            WHERE r.id = l.id AND set_config('synchronous_commit', 'off', true) IS NOT NULL
           RETURNING r.id`,
    values: [batch.map(({ id }) => id), batch.map(({ drawable }) => drawable)],
  });
  return rows;
}

/** Keeps allowances from expiring, and writes how much of each may be in use from now on; null: as much as before. */
export async function renewAllowances(
  pool: pg.Pool,
  allowances: { id: string; drawable: number | null }[],
  ttlSeconds: number,
): Promise<void> {
  await pool.query(
    // What is being written to right now is not waited for: its row says too much until the next time.
    `UPDATE reservations SET expires_at = now() + make_interval(secs => $3),
       drawable_micro_usd = coalesce(a.drawable, drawable_micro_usd)
     FROM (SELECT r.id AS found, d.drawable FROM unnest($1::text[], $2::bigint[]) AS d (id, drawable)
             JOIN reservations r ON r.id = d.id FOR UPDATE OF r SKIP LOCKED) AS a
     WHERE id = a.found`,
    [allowances.map(({ id }) => id), allowances.map(({ drawable }) => drawable), ttlSeconds],
  );
}
