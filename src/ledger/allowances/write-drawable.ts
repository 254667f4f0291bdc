import type pg from "pg";

/** Lets more of an allowance be in use; false: it is gone. */
export async function raiseDrawable(pool: pg.Pool, id: string, drawable: number): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: "raise-drawable",
    text: `UPDATE reservations SET drawable_micro_usd = $2 WHERE id = $1`,
    values: [id, drawable],
  });
  return rowCount === 1;
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
