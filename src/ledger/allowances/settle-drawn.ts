import type pg from "pg";
import { whilePassing } from "#platform/db.ts";
import { type DrawnEntry, type Written, writeEntries } from "./write-entries.ts";

export type { DrawnEntry };

const RETRIES_MS = [50, 200, 1_000, 3_000];
const FOREIGN_KEY_VIOLATION = "23503";

/**
 * Writes a batch of entries; for each, whether it stands in the ledger. One does not when its allowance is gone, or its
 * user was erased meanwhile: that call is the platform's cost.
 */
export async function settleDrawn(pool: pg.Pool, batch: DrawnEntry[]): Promise<boolean[]> {
  const gone = new Set<string>();
  for (;;) {
    const left = gone.size === 0 ? batch : batch.filter(({ allowance }) => !gone.has(allowance));
    const outcome = await patiently(() => writeEntries(pool, left));
    if (outcome === "nobody to charge") return eachAlone(pool, batch);
    if (outcome.written) return batch.map(({ allowance }) => !gone.has(allowance));
    for (const id of outcome.gone) gone.add(id);
  }
}

/** One user's entries must not keep the others' from being written. */
async function eachAlone(pool: pg.Pool, batch: DrawnEntry[]): Promise<boolean[]> {
  const users = new Set(batch.map(({ bearer }) => bearer.userId));
  if (users.size === 1) return batch.map(() => false);
  const written = new Map<DrawnEntry, boolean>();
  for (const user of users) {
    const own = batch.filter(({ bearer }) => bearer.userId === user);
    const results = await settleDrawn(pool, own);
    own.forEach((entry, index) => {
      written.set(entry, results[index] === true);
    });
  }
  return batch.map((entry) => written.get(entry) === true);
}

async function patiently(write: () => Promise<Written>): Promise<Written | "nobody to charge"> {
  try {
    return await whilePassing(RETRIES_MS, write);
  } catch (error) {
    if ((error as { code?: string }).code === FOREIGN_KEY_VIOLATION) return "nobody to charge";
    throw error;
  }
}
