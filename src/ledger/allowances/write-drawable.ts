import type pg from "pg";

export interface Raise {
  id: string;
  drawable: number;
}

/**
 * Lets more of some allowances be in use; for each, false: it is gone. Not waited for on disk, as holds are not: a row
 * that a crash of the database takes back was for calls whose entries go with it.
 */
export async function raiseDrawable(pool: pg.Pool, batch: Raise[]): Promise<boolean[]> {
  // In the order of their ids, as entries are written.
  const sorted = batch.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { rows } = await pool.query<{ id: string }>({
    name: "raise-drawable",
    text: `WITH asked AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::bigint[]) AS a (id, drawable))
           UPDATE reservations r SET drawable_micro_usd = a.drawable FROM asked a
            WHERE r.id = a.id AND set_config('synchronous_commit', 'off', true) IS NOT NULL
           RETURNING r.id`,
    values: [sorted.map(({ id }) => id), sorted.map(({ drawable }) => drawable)],
  });
  const raised = new Set(rows.map(({ id }) => id));
  return batch.map(({ id }) => raised.has(id));
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
