import type pg from "pg";
import { type Cost, NO_TOKENS, type Tokens } from "#ledger/cost.ts";
import { Batcher } from "./batch/batcher.ts";
import { flushed } from "./batch/flush.ts";
import { settleAtOnce } from "./batch/settle-at-once.ts";
import { BATCH_MOST, SETTLE_PATIENCE_MS } from "./batch/tunables.ts";

export { flushed };

export interface Settlement {
  callId: string;
  tokens: Tokens;
  cost: Cost;
  /** true when the provider did not say how many tokens there were */
  estimated: boolean;
  /** why the figures are not the plain ones: credited, estimated, clipped */
  reason: string | null;
}

/** A reservation given back without an entry: the provider did no work that anybody pays for. */
export interface Release {
  callId: string;
  released: true;
}

const batchers = new WeakMap<pg.Pool, Batcher<Settlement | Release, number | null>>();

/**
 * Turns a reservation into one ledger entry, moves it from reserved to spent on every scope and adds it to its run
 * and step; or releases it. Answers what was charged in micro-dollars, or null when the reservation is no longer
 * there: somebody settled it before. What comes at the same time shares a statement; the answer comes when the entry is
 * on disk.
 *
 * Never more is charged than was reserved; should a provider bill more, that is the platform's cost and the entry says so.
 */
export async function settle(pool: pg.Pool, settlement: Settlement | Release): Promise<number | null> {
  let batcher = batchers.get(pool);
  if (!batcher) {
    const options = { most: BATCH_MOST, patienceMs: SETTLE_PATIENCE_MS };
    batcher = new Batcher((batch) => settleBatch(pool, batch), options);
    batchers.set(pool, batcher);
  }
  const charged = await batcher.add(settlement);
  if (charged !== null && !("released" in settlement)) await flushed(pool);
  return charged;
}

const FOREIGN_KEY_VIOLATION = "23503";

/** One whose user was erased meanwhile is released: nobody is left to charge, and the others must not wait for it. */
async function settleBatch(pool: pg.Pool, batch: (Settlement | Release)[]): Promise<(number | null)[]> {
  try {
    return await settleAtOnce(pool, batch);
  } catch (error) {
    if ((error as { code?: string }).code !== FOREIGN_KEY_VIOLATION) throw error;
    const [only] = batch;
    if (only && batch.length === 1) {
      await settleAtOnce(pool, [{ callId: only.callId, released: true }]);
      return [null];
    }
    const settled: (number | null)[] = [];
    for (const one of batch) settled.push(...(await settleBatch(pool, [one])));
    return settled;
  }
}

/** The same, all or nothing with what else the caller's transaction does; on disk when `flushed` says so. */
export async function settleWithin(
  client: pg.PoolClient,
  settlement: Settlement | Release,
): Promise<number | null> {
  const [charged] = await settleAtOnce(client, [settlement]);
  return charged ?? null;
}

/**
 * Settles the reservation of a call whose gateway died or froze in the middle of it. What the provider billed is not
 * known, so its worst case (of an allowance, what may have been in use) is recorded as our cost and counted against the
 * site's cap; the user pays nothing.
 */
export async function settleAbandoned(client: pg.PoolClient, callId: string): Promise<void> {
  const { rows } = await client.query<{ amount: number }>(
    `SELECT least(amount_micro_usd, drawable_micro_usd) AS amount FROM reservations WHERE call_id = $1 FOR UPDATE`,
    [callId],
  );
  const amount = rows[0]?.amount;
  if (amount === undefined) return;
  await settleWithin(client, {
    callId,
    tokens: NO_TOKENS,
    cost: { provider: amount, charged: 0 },
    estimated: true,
    reason: "The gateway stopped in the middle of this call; the platform bears its cost.",
  });
}
