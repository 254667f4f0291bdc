import type pg from "pg";
import type { ReserveOutcome, ReserveRequest } from "#ledger/reserve.ts";
import { inTransaction } from "#platform/db.ts";
import { toRow } from "./hold-at-once.ts";
import { RESERVATION_COLUMNS, reservationRows } from "./reservation-rows.ts";

interface Standing {
  spent: number;
  reserved: number;
}

/**
 * Decides a batch call by call, in the order in which they came, under the locks of every budget that it touches. The
 * rows are locked in the order of their names, so that two batches never wait for each other in a ring.
 */
export async function holdWhatFits(pool: pg.Pool, batch: ReserveRequest[]): Promise<ReserveOutcome[]> {
  const scopes = [...new Set(batch.flatMap(({ caps }) => caps.map(({ scope }) => scope)))];
  for (;;) {
    const outcomes = await inTransaction(pool, (client) => tryHold(client, batch, scopes));
    if (outcomes) return outcomes;
    // Outside the transaction: inserting while holding locks of later names could close the ring.
    await pool.query(
      `INSERT INTO budgets (scope) SELECT unnest($1::text[]) AS scope ORDER BY scope ON CONFLICT DO NOTHING`,
      [scopes],
    );
  }
}

async function tryHold(
  client: pg.PoolClient,
  batch: ReserveRequest[],
  scopes: string[],
): Promise<ReserveOutcome[] | null> {
  const { rows } = await client.query<Standing & { scope: string }>({
    name: "reserve-lock",
    text: `SELECT scope, spent_micro_usd AS spent, reserved_micro_usd AS reserved
           FROM budgets WHERE scope = ANY($1) ORDER BY scope FOR UPDATE`,
    values: [scopes],
  });
  if (rows.length < scopes.length) return null;
  const standings = new Map<string, Standing>(rows.map(({ scope, ...standing }) => [scope, standing]));
  const outcomes = batch.map((request) => decide(standings, request));
  const held = batch.filter((_, index) => outcomes[index]?.reserved);
  if (held.length > 0) await write(client, held);
  return outcomes;
}

/** Refuses by the cap with the least room; else adds the amount to every standing, for the next to see. */
function decide(standings: Map<string, Standing>, { caps, amount }: ReserveRequest): ReserveOutcome {
  let found: (ReserveOutcome & { reserved: false }) | null = null;
  for (const { scope, limit } of caps) {
    const standing = standings.get(scope);
    if (limit === null || !standing) continue;
    const left = limit - standing.spent - standing.reserved;
    if (amount > left && (!found || left < found.left)) {
      found = { reserved: false, scope, limit, left: Math.max(0, left) };
    }
  }
  if (found) return found;
  for (const { scope } of caps) {
    const standing = standings.get(scope);
    if (standing) standing.reserved += amount;
  }
  return { reserved: true };
}

async function write(client: pg.PoolClient, held: ReserveRequest[]): Promise<void> {
  const rows = JSON.stringify(held.map(toRow));
  await client.query({
    name: "reserve-hold",
    text: `WITH sums AS (
             SELECT scope, sum(amount) AS amount
               FROM json_to_recordset($1) AS r (scopes text[], amount bigint), unnest(r.scopes) AS scope GROUP BY scope
           ), held AS (
             UPDATE budgets b SET reserved_micro_usd = b.reserved_micro_usd + s.amount FROM sums s WHERE b.scope = s.scope
           )
           INSERT INTO reservations (${RESERVATION_COLUMNS}) ${reservationRows("$1")}`,
    values: [rows],
  });
}
