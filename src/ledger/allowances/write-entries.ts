import type pg from "pg";
import type { Bearer } from "#ledger/scopes.ts";
import type { Settlement } from "#ledger/settle.ts";

/** One call that was drawn from an allowance, as it ended. */
export interface DrawnEntry extends Settlement {
  allowance: string;
  bearer: Bearer;
  provider: string;
  model: string;
  /** what is charged: never more than the call held */
  due: number;
}

/**
 * Writes a batch of entries in one statement, and moves their sums from reserved to spent: of each allowance, of every
 * budget that it stands against, of its run and the steps. All or nothing: where an allowance is gone (this process
 * was taken for dead, and it was settled at the platform's expense), a division by zero undoes everything. Locks are
 * taken in the order that everybody keeps: reservations, budgets by name, runs, steps.
 *
 * It commits without waiting for the disk. A database that crashes within the next moments loses entries together with
 * what they took from the budgets: nothing is charged for those calls.
 */
const WRITE = `
WITH due AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS d (id, due, site)
), taken AS MATERIALIZED (
  UPDATE reservations r SET amount_micro_usd = r.amount_micro_usd - d.due FROM due d WHERE r.id = d.id
  RETURNING r.scopes, r.run_id, d.due, d.site
), sums AS (
  SELECT scope, sum(due) AS freed, sum(CASE WHEN scope LIKE 'site:%' THEN site ELSE due END) AS spent
  FROM taken, unnest(scopes) AS scope GROUP BY scope
), locked AS MATERIALIZED (
  SELECT s.* FROM sums s JOIN budgets b ON b.scope = s.scope ORDER BY b.scope FOR UPDATE OF b
), moved AS (
  UPDATE budgets b SET reserved_micro_usd = b.reserved_micro_usd - s.freed,
    spent_micro_usd = b.spent_micro_usd + s.spent
  FROM locked s WHERE b.scope = s.scope RETURNING 1
), added AS (
  UPDATE runs r SET cost_micro_usd = r.cost_micro_usd + t.due
  FROM (SELECT run_id, sum(due) AS due FROM taken WHERE due > 0 AND run_id IS NOT NULL GROUP BY run_id) t
  WHERE r.id = t.run_id AND (SELECT count(*) FROM moved) > 0 RETURNING 1
), stepped AS (
  UPDATE run_steps s SET cost_micro_usd = s.cost_micro_usd + t.due
  FROM unnest($4::text[], $5::text[], $6::bigint[]) AS t (run, step, due)
  WHERE s.run_id = t.run AND s.key = t.step AND (SELECT count(*) FROM added) > 0
)
INSERT INTO ledger_entries (call_id, user_id, agent_id, run_id, step_key, provider, model, input_tokens, output_tokens,
  cache_read_tokens, cache_write_tokens, reasoning_tokens, speech_characters, provider_cost_micro_usd, cost_micro_usd,
  estimated, reason)
SELECT * FROM unnest($7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
  $14::int[], $15::int[], $16::int[], $17::int[], $18::int[], $19::int[], $20::bigint[], $21::bigint[], $22::bool[],
  $23::text[])
WHERE 1 / (SELECT (count(*) = cardinality($1))::int FROM taken) = 1
  AND set_config('synchronous_commit', 'off', true) IS NOT NULL`;

const DIVISION_BY_ZERO = "22012";
const UNIQUE_VIOLATION = "23505";

/** `written`: these entries stand in the ledger. `gone`: allowances that nothing can be written for any more. */
export type Written = { written: true } | { written: false; gone: Set<string> };

export async function writeEntries(pool: pg.Pool, batch: DrawnEntry[]): Promise<Written> {
  const sums = [...sumsByAllowance(batch)].sort(([a], [b]) => (a < b ? -1 : 1));
  try {
    await pool.query({
      name: "write-entries",
      text: WRITE,
      values: [
        texts(sums.map(([id]) => id)),
        numbers(sums.map(([, { due }]) => due)),
        numbers(sums.map(([, { site }]) => site)),
        ...stepColumns(batch),
        ...entryColumns(batch),
      ],
    });
    return { written: true };
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string };
    // The same batch again, after a connection that broke: it had been written.
    if (code === UNIQUE_VIOLATION && constraint === "ledger_entries_call_id_key") return { written: true };
    if (code !== DIVISION_BY_ZERO) throw error;
    return { written: false, gone: await findGone(pool, [...sums.map(([id]) => id)]) };
  }
}

async function findGone(pool: pg.Pool, ids: string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM reservations WHERE id = ANY($1)`, [ids]);
  const there = new Set(rows.map((row) => row.id));
  return new Set(ids.filter((id) => !there.has(id)));
}

/** The site pays what the provider bills, where that is more than the charge. */
function sumsByAllowance(batch: DrawnEntry[]): Map<string, { due: number; site: number }> {
  const sums = new Map<string, { due: number; site: number }>();
  for (const { allowance, due, cost } of batch) {
    const site = Math.max(due, cost.provider);
    const sum = sums.get(allowance);
    if (sum) {
      sum.due += due;
      sum.site += site;
    } else {
      sums.set(allowance, { due, site });
    }
  }
  return sums;
}

function stepColumns(batch: DrawnEntry[]): string[] {
  const steps = new Map<string, { run: string; step: string; due: number }>();
  for (const { bearer, due } of batch) {
    const { runId: run, stepKey: step } = bearer;
    if (run === null || step === null || due === 0) continue;
    const key = `${run} ${step}`;
    const sum = steps.get(key);
    if (sum) sum.due += due;
    else steps.set(key, { run, step, due });
  }
  const sums = [...steps.values()];
  return [
    texts(sums.map(({ run }) => run)),
    texts(sums.map(({ step }) => step)),
    numbers(sums.map(({ due }) => due)),
  ];
}

function entryColumns(batch: DrawnEntry[]): string[] {
  return [
    texts(batch.map(({ callId }) => callId)),
    texts(batch.map(({ bearer }) => bearer.userId)),
    texts(batch.map(({ bearer }) => bearer.agentId)),
    texts(batch.map(({ bearer }) => bearer.runId)),
    texts(batch.map(({ bearer }) => bearer.stepKey)),
    texts(batch.map(({ provider }) => provider)),
    texts(batch.map(({ model }) => model)),
    numbers(batch.map(({ tokens }) => tokens.input)),
    numbers(batch.map(({ tokens }) => tokens.output)),
    numbers(batch.map(({ tokens }) => tokens.cacheRead)),
    numbers(batch.map(({ tokens }) => tokens.cacheWrite5m + tokens.cacheWrite1h)),
    numbers(batch.map(({ tokens }) => tokens.reasoning)),
    numbers(batch.map(({ tokens }) => tokens.characters)),
    numbers(batch.map(({ cost }) => cost.provider)),
    numbers(batch.map(({ due }) => due)),
    `{${batch.map(({ estimated }) => (estimated ? "t" : "f")).join(",")}}`,
    texts(batch.map(({ reason }) => reason)),
  ];
}

function numbers(values: number[]): string {
  return `{${values.join(",")}}`;
}

/** An array in PostgreSQL's own notation (its manual, 8.15.6): quicker to write, and to read, than rows of JSON. */
function texts(values: (string | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : quoted(value))).join(",")}}`;
}

function quoted(value: string): string {
  return /["\\]/.test(value) ? `"${value.replaceAll(/["\\]/g, "\\$&")}"` : `"${value}"`;
}
