import type pg from "pg";
import { type Cost, NO_TOKENS, type Tokens } from "#ledger/cost.ts";

export interface Settlement {
  callId: string;
  tokens: Tokens;
  cost: Cost;
  /** true when the provider did not say how many tokens there were */
  estimated: boolean;
  /** why the figures are not the plain ones: credited, estimated, clipped */
  reason: string | null;
}

interface HeldRow {
  user_id: string;
  scopes: string[];
  amount_micro_usd: number;
  agent_id: string | null;
  run_id: string | null;
  step_key: string | null;
  provider: string;
  model: string;
}

/**
 * Turns a reservation into one ledger entry, moves it from reserved to spent on every scope and adds it to its run
 * and step. All or nothing with what else the caller's transaction does. Answers what was charged in micro-dollars,
 * or null when the reservation is no longer there: somebody settled it before.
 *
 * Never more is charged than was reserved; should a provider bill more, that is the platform's cost and the entry says so.
 */
export async function settle(client: pg.PoolClient, settlement: Settlement): Promise<number | null> {
  const held = await takeReservation(client, settlement.callId);
  if (!held) return null;
  const entry = clip(settlement, held.amount_micro_usd);
  await spend(client, held, entry.cost);
  await append(client, held, entry);
  if (entry.cost.charged > 0 && held.run_id) {
    await addToRun(client, held.run_id, held.step_key, entry.cost.charged);
  }
  return entry.cost.charged;
}

/** Gives a reservation back without an entry: the provider did no work that anybody pays for. */
export async function release(client: pg.PoolClient, callId: string): Promise<void> {
  const held = await takeReservation(client, callId);
  if (held) await spend(client, held, { provider: 0, charged: 0 });
}

/**
 * Settles the reservation of a call whose gateway died or froze in the middle of it. What the provider billed is not
 * known, so its worst case is recorded as our cost and counted against the site's cap; the user pays nothing.
 */
export async function settleAbandoned(client: pg.PoolClient, callId: string): Promise<void> {
  const { rows } = await client.query<{ amount: number }>(
    `SELECT amount_micro_usd AS amount FROM reservations WHERE call_id = $1 FOR UPDATE`,
    [callId],
  );
  const amount = rows[0]?.amount;
  if (amount === undefined) return;
  await settle(client, {
    callId,
    tokens: NO_TOKENS,
    cost: { provider: amount, charged: 0 },
    estimated: true,
    reason: "The gateway stopped in the middle of this call; the platform bears its cost.",
  });
}

function clip(settlement: Settlement, reserved: number): Settlement {
  if (settlement.cost.charged <= reserved) return settlement;
  return {
    ...settlement,
    cost: { provider: settlement.cost.provider, charged: reserved },
    reason:
      "The provider counted more than this call could use; what was above its reservation is not charged.",
  };
}

async function takeReservation(client: pg.PoolClient, callId: string): Promise<HeldRow | undefined> {
  const { rows } = await client.query<HeldRow>({
    name: "settle-take",
    text: `DELETE FROM reservations WHERE call_id = $1
           RETURNING user_id, scopes, amount_micro_usd, agent_id, run_id, step_key, provider, model`,
    values: [callId],
  });
  return rows[0];
}

async function spend(client: pg.PoolClient, held: HeldRow, cost: Cost): Promise<void> {
  // In the order of names, as reserve does. The site pays what the provider bills, where that is more than the charge.
  await client.query({
    name: "settle-lock",
    text: `SELECT 1 FROM budgets WHERE scope = ANY($1) ORDER BY scope FOR UPDATE`,
    values: [held.scopes],
  });
  await client.query({
    name: "settle-spend",
    text: `UPDATE budgets SET reserved_micro_usd = reserved_micro_usd - $2,
             spent_micro_usd = spent_micro_usd + CASE WHEN scope LIKE 'site:%' THEN $4::bigint ELSE $3::bigint END
           WHERE scope = ANY($1)`,
    values: [held.scopes, held.amount_micro_usd, cost.charged, Math.max(cost.charged, cost.provider)],
  });
}

async function append(client: pg.PoolClient, held: HeldRow, entry: Settlement): Promise<void> {
  const { tokens, cost } = entry;
  await client.query({
    name: "settle-append",
    text: `INSERT INTO ledger_entries (user_id, agent_id, run_id, step_key, call_id, provider, model, input_tokens,
             output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, provider_cost_micro_usd,
             cost_micro_usd, estimated, reason)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    values: [
      held.user_id,
      held.agent_id,
      held.run_id,
      held.step_key,
      entry.callId,
      held.provider,
      held.model,
      tokens.input,
      tokens.output,
      tokens.cacheRead,
      tokens.cacheWrite5m + tokens.cacheWrite1h,
      tokens.reasoning,
      cost.provider,
      cost.charged,
      entry.estimated,
      entry.reason,
    ],
  });
}

async function addToRun(
  client: pg.PoolClient,
  runId: string,
  stepKey: string | null,
  charged: number,
): Promise<void> {
  // The run before its step, as the runner's checkpoints do.
  await client.query({
    name: "settle-run",
    text: `UPDATE runs SET cost_micro_usd = cost_micro_usd + $2 WHERE id = $1`,
    values: [runId, charged],
  });
  if (stepKey === null) return;
  await client.query({
    name: "settle-step",
    text: `UPDATE run_steps SET cost_micro_usd = cost_micro_usd + $3 WHERE run_id = $1 AND key = $2`,
    values: [runId, stepKey, charged],
  });
}
