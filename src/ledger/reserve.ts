import type pg from "pg";
import type { Bearer, Cap } from "#ledger/scopes.ts";
import { inTransaction } from "#platform/db.ts";

export interface ReserveRequest {
  callId: string;
  bearer: Bearer;
  provider: string;
  model: string;
  /** the call's worst case, micro-dollars */
  amount: number;
  caps: Cap[];
  /** seconds until the reservation counts as abandoned unless it is renewed */
  ttlSeconds: number;
}

export type ReserveOutcome =
  | { reserved: true }
  | { reserved: false; scope: string; limit: number; left: number };

interface BudgetRow {
  scope: string;
  spent: number;
  reserved: number;
}

/**
 * Holds a call's worst case against every cap that applies, or against none of them.
 *
 * The budget rows are locked in the order of their names, so that two calls never wait for each other in a ring;
 * what is compared is read under those locks, so that any number of gateways together never pass a cap.
 */
export async function reserve(pool: pg.Pool, request: ReserveRequest): Promise<ReserveOutcome> {
  for (;;) {
    const outcome = await inTransaction(pool, (client) => tryReserve(client, request));
    if (outcome !== "rows missing") return outcome;
    // Outside the transaction: inserting while holding locks of later names could close the ring.
    await pool.query(
      `INSERT INTO budgets (scope) SELECT unnest($1::text[]) AS scope ORDER BY scope ON CONFLICT DO NOTHING`,
      [request.caps.map((cap) => cap.scope)],
    );
  }
}

async function tryReserve(
  client: pg.PoolClient,
  request: ReserveRequest,
): Promise<ReserveOutcome | "rows missing"> {
  const scopes = request.caps.map((cap) => cap.scope);
  const { rows } = await client.query<BudgetRow>({
    name: "reserve-lock",
    text: `SELECT scope, spent_micro_usd AS spent, reserved_micro_usd AS reserved
           FROM budgets WHERE scope = ANY($1) ORDER BY scope FOR UPDATE`,
    values: [scopes],
  });
  if (rows.length < scopes.length) return "rows missing";
  const refused = tightest(rows, request);
  if (refused) return refused;
  const { bearer } = request;
  await client.query({
    name: "reserve-hold",
    text: `WITH held AS (UPDATE budgets SET reserved_micro_usd = reserved_micro_usd + $4 WHERE scope = ANY($3))
           INSERT INTO reservations (id, call_id, user_id, scopes, amount_micro_usd, agent_id, run_id, step_key,
             provider, model, expires_at)
           VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, now() + make_interval(secs => $10))`,
    values: [
      request.callId,
      bearer.userId,
      scopes,
      request.amount,
      bearer.agentId,
      bearer.runId,
      bearer.stepKey,
      request.provider,
      request.model,
      request.ttlSeconds,
    ],
  });
  return { reserved: true };
}

/** The cap with the least room, when the amount does not fit it. */
function tightest(rows: BudgetRow[], request: ReserveRequest): ReserveOutcome | null {
  let found: (ReserveOutcome & { reserved: false }) | null = null;
  for (const { scope, limit } of request.caps) {
    const row = rows.find((candidate) => candidate.scope === scope);
    if (limit === null || !row) continue;
    const left = limit - row.spent - row.reserved;
    if (request.amount > left && (!found || left < found.left)) {
      found = { reserved: false, scope, limit, left: Math.max(0, left) };
    }
  }
  return found;
}
