import type pg from "pg";
import type { Bearer, Cap } from "#ledger/scopes.ts";
import { Batcher } from "./batch/batcher.ts";
import { holdAtOnce } from "./batch/hold-at-once.ts";
import { holdWhatFits } from "./batch/hold-what-fits.ts";
import { BATCH_MOST, HOLD_PATIENCE_MS } from "./batch/tunables.ts";

export interface ReserveRequest {
  callId: string;
  bearer: Bearer;
  provider: string;
  model: string;
  /** the call's worst case, micro-dollars */
  amount: number;
  /** of an allowance: how much of it may be in use at first */
  drawable?: number;
  caps: Cap[];
  /** seconds until the reservation counts as abandoned unless it is renewed */
  ttlSeconds: number;
}

export type ReserveOutcome =
  | { reserved: true }
  | { reserved: false; scope: string; limit: number; left: number };

const batchers = new WeakMap<pg.Pool, Batcher<ReserveRequest, ReserveOutcome>>();

/**
 * Holds a call's worst case against every cap that applies, or against none of them. Calls that come at the same time
 * share a transaction: one batch is in flight for each process. What is compared is read under the locks of the budget
 * rows, so that any number of gateways together never pass a cap.
 */
export function reserve(pool: pg.Pool, request: ReserveRequest): Promise<ReserveOutcome> {
  let batcher = batchers.get(pool);
  if (!batcher) {
    const options = { most: BATCH_MOST, patienceMs: HOLD_PATIENCE_MS };
    batcher = new Batcher((batch) => reserveBatch(pool, batch), options);
    batchers.set(pool, batcher);
  }
  return batcher.add(request);
}

async function reserveBatch(pool: pg.Pool, batch: ReserveRequest[]): Promise<ReserveOutcome[]> {
  return (await holdAtOnce(pool, batch)) ?? (await holdWhatFits(pool, batch));
}
