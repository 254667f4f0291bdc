import type pg from "pg";
import { CALLER_KNOWN_MS, CALLERS_KNOWN, CALLERS_PATIENCE_MS } from "#gateway/tunables.ts";
import { askTogether } from "./ask-together.ts";

interface Known<Found> {
  found: Found;
  /** whose changes make it void: keys of `caller_changes` */
  of: string[];
  until: number;
}

/**
 * Looks callers up and keeps what was found for as long as it is so: before every use the database is asked what has
 * changed since the last question, in one small query for all calls that come together. So an answer is never older
 * than its question.
 */
export function knownCallers<Key extends { id: string }, Found>(
  pool: pg.Pool,
  find: (keys: Key[]) => Promise<Map<string, Found>>,
  lifeOf: (key: Key, found: Found) => { of: string[]; expires: Date | null },
): (key: Key) => Promise<Found | undefined> {
  const known = new Map<string, Known<Found>>();
  const affected = new Map<string, Set<string>>();
  /** every change of a transaction before this one has been heeded */
  let heeded = 0;

  function forget(id: string): void {
    for (const key of known.get(id)?.of ?? []) {
      const ids = affected.get(key);
      ids?.delete(id);
      if (ids?.size === 0) affected.delete(key);
    }
    known.delete(id);
  }

  function remember(key: Key, found: Found): void {
    const oldest = known.size >= CALLERS_KNOWN ? known.keys().next().value : undefined;
    if (oldest !== undefined) forget(oldest);
    const { of, expires } = lifeOf(key, found);
    const until = Math.min(Date.now() + CALLER_KNOWN_MS, expires?.getTime() ?? Number.POSITIVE_INFINITY);
    known.set(key.id, { found, of, until });
    for (const one of of) {
      const ids = affected.get(one) ?? new Set();
      affected.set(one, ids.add(key.id));
    }
  }

  // One question at a time (askTogether sees to it), and what is found is kept before the next one is asked: so no
  // change between the two can be missed.
  return askTogether(async (keys: Key[]) => {
    const { next, changed } = await changesSince(pool, heeded);
    heeded = next;
    for (const key of changed) for (const id of affected.get(key) ?? []) forget(id);
    const now = Date.now();
    const answer = new Map<string, Found>();
    const missing: Key[] = [];
    for (const key of keys) {
      const here = known.get(key.id);
      if (here && here.until > now) answer.set(key.id, here.found);
      else missing.push(key);
    }
    if (missing.length === 0) return answer;
    const found = await find(missing);
    for (const key of missing) {
      const one = found.get(key.id);
      forget(key.id);
      if (one === undefined) continue;
      remember(key, one);
      answer.set(key.id, one);
    }
    return answer;
  }, CALLERS_PATIENCE_MS);
}

/**
 * The changes of all transactions from `since` on. A transaction that is not over yet may commit a smaller number than
 * others that are: the next question begins with the oldest of those.
 */
async function changesSince(pool: pg.Pool, since: number): Promise<{ next: number; changed: string[] }> {
  const { rows } = await pool.query<{ next: number; changed: string[] | null }>({
    name: "caller-changes",
    text: `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS next,
             (SELECT array_agg(key) FROM caller_changes WHERE xid >= $1) AS changed`,
    values: [since],
  });
  const row = rows[0];
  if (!row) throw new Error("a snapshot is one row");
  return { next: row.next, changed: row.changed ?? [] };
}

/** Changes that every gateway has heeded long since. */
export async function dropOldChanges(pool: pg.Pool): Promise<void> {
  await pool.query(`DELETE FROM caller_changes WHERE at < now() - interval '1 hour'`);
}
