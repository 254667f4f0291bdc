import type pg from "pg";
import { Batcher } from "./batcher.ts";
import { BATCH_MOST } from "./tunables.ts";

const batchers = new WeakMap<pg.Pool, Batcher<null, null>>();

/**
 * Waits until everything that was committed before is on disk. The ledger's statements commit without that, so that no
 * budget row stays locked while a disk turns; whoever must know waits here, and all who wait share one write.
 */
export async function flushed(pool: pg.Pool): Promise<void> {
  let batcher = batchers.get(pool);
  if (!batcher) {
    batcher = new Batcher((waiting) => flush(pool, waiting), { most: BATCH_MOST, patienceMs: 0 });
    batchers.set(pool, batcher);
  }
  await batcher.add(null);
}

async function flush(pool: pg.Pool, waiting: null[]): Promise<null[]> {
  // A commit of its own, which by default waits for the disk, and for all that stands before it in the log.
  await pool.query("SELECT pg_logical_emit_message(true, 'carrel', '')");
  return waiting;
}
