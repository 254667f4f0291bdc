import type pg from "pg";
import { monthCharged } from "#ledger/month-charged.ts";
import { refuseCredited } from "#ledger/refuse-credited.ts";
import { capsFor } from "#ledger/scopes.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** What a call really cost, micro-dollars; what is left out stays as the ledger has it. */
export interface Correction {
  /** the answer's x-carrel-request-id */
  callId: string;
  /** what the provider billed: a guess, or the worst case of a gateway that died, is put right by its invoice */
  provider?: number;
  /** what the user is charged: less than before, never more */
  charged?: number;
  /** shown to the user, with the entry */
  reason: string;
  /** yyyy-mm, UTC: whose budgets it stands in; has to be said of a call that was written soon after a month's end */
  month?: string;
  /** the charge is lowered although credits were given since, because they were for something else */
  despiteCredits?: boolean;
}

interface Booked {
  user_id: string;
  agent_id: string | null;
  run_id: string | null;
  step_key: string | null;
  at: Date;
  provider: string;
  model: string;
}

/**
 * Puts right what a call cost by a new entry that holds the difference, because none is ever rewritten; budgets, run and
 * step follow. A call can be corrected again.
 * @throws AppError not_found; bad_request when it would raise a charge, take back more than is spent or perhaps the same
 *   twice, or when its month is not certain
 */
export async function correctCall(db: Database, correction: Correction): Promise<void> {
  await inTransaction(db.pool, async (client) => {
    const { rows } = await client.query<Booked>(
      `SELECT user_id, agent_id, run_id, step_key, at, provider, model FROM ledger_entries
        WHERE call_id = $1 AND kind = 'call' FOR UPDATE`,
      [correction.callId],
    );
    const booked = rows[0];
    if (!booked) throw new AppError("not_found", "The ledger has no such call.");
    const before = await sumsOf(client, correction.callId, booked);
    const { provider = before.provider, charged = before.charged } = correction;
    if (![provider, charged].every((sum) => Number.isSafeInteger(sum) && sum >= 0)) {
      throw new AppError("bad_request", "A call costs a whole number of micro-dollars, 0 or more.");
    }
    if (charged > before.charged) throw new AppError("bad_request", "A charge is never raised afterwards.");
    const month = monthCharged(booked.at, correction.month);
    await moveBudgets(client, booked, month, {
      due: charged - before.charged,
      // As when it was settled: the site bears what the provider bills, where that is more than the charge.
      site: Math.max(charged, provider) - Math.max(before.charged, before.provider),
    });
    // With the budgets locked, so that no credit is given meanwhile.
    if (charged < before.charged && !correction.despiteCredits) await refuseCredited(client, booked);
    await client.query(`UPDATE runs SET cost_micro_usd = cost_micro_usd + $2 WHERE id = $1`, [
      booked.run_id,
      charged - before.charged,
    ]);
    await client.query(
      `UPDATE run_steps SET cost_micro_usd = cost_micro_usd + $3 WHERE run_id = $1 AND key = $2`,
      [booked.run_id, booked.step_key, charged - before.charged],
    );
    await client.query(
      `INSERT INTO ledger_entries (user_id, agent_id, run_id, step_key, call_id, kind, provider, model,
         provider_cost_micro_usd, cost_micro_usd, reason) VALUES ($1, $2, $3, $4, $5, 'correction', $6, $7, $8, $9, $10)`,
      [
        ...[booked.user_id, booked.agent_id, booked.run_id, booked.step_key],
        `${correction.callId}/${before.entries}`,
        ...[booked.provider, booked.model, provider - before.provider, charged - before.charged],
        correction.reason,
      ],
    );
  });
}

/** What the call's entry and its corrections so far come to. The user and the time are there for the index on them. */
async function sumsOf(client: pg.PoolClient, callId: string, { user_id: userId, at }: Booked) {
  const { rows } = await client.query<{ provider: number; charged: number; entries: number }>(
    `SELECT sum(provider_cost_micro_usd)::bigint AS provider, sum(cost_micro_usd)::bigint AS charged,
            count(*) AS entries
       FROM ledger_entries
      WHERE user_id = $2 AND at >= $3 AND (call_id = $1 OR starts_with(call_id, $1 || '/'))`,
    [callId, userId, at],
  );
  return rows[0] as { provider: number; charged: number; entries: number };
}

async function moveBudgets(
  client: pg.PoolClient,
  { user_id: userId, agent_id: agentId, run_id: runId }: Booked,
  month: Date,
  by: { due: number; site: number },
): Promise<void> {
  const none = { run: null, agent: null, userMonth: null, siteMonth: null };
  // In the order that everybody keeps: budgets by name, then runs.
  for (const { scope } of capsFor({ userId, agentId, runId, stepKey: null }, none, month)) {
    const { rowCount } = await client.query(
      `UPDATE budgets SET spent_micro_usd = spent_micro_usd + $2 WHERE scope = $1 AND spent_micro_usd + $2 >= 0`,
      [scope, scope.startsWith("site:") ? by.site : by.due],
    );
    if (rowCount === 0) {
      throw new AppError("bad_request", "No more can be taken back than is spent: some of it was credited.");
    }
  }
}
